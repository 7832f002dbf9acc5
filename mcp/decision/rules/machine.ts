import { findInstructions } from "../../../src/core/privacy/instructions.ts";
import type { Case } from "./case.ts";
import type { RuleHit } from "./hit.ts";

/** Below this confidence, 0 to 1, of the agent a person decides. */
const agentTrustedFrom = 0.7;
/** The most places that are shown as evidence. */
const excerptLimitCount = 5;

/** LOW_AGENT_CONFIDENCE: the agent is not sure of its own proposal. */
export function lowAgentConfidence({ proposal }: Case): RuleHit | undefined {
  if (proposal.confidence >= agentTrustedFrom) return undefined;
  return {
    code: "LOW_AGENT_CONFIDENCE",
    kind: "review",
    message: `The agent's confidence is below ${agentTrustedFrom}`,
    evidence: { confidence: proposal.confidence, limit: agentTrustedFrom },
    source: "agent",
  };
}

/** PROMPT_INJECTION: the document speaks to the agent. Fields are looked at too: they may come from a layer of their own. */
export function promptInjection({ document }: Case): RuleHit | undefined {
  if (document === undefined) return undefined;
  const fields = Object.entries(document.fields).map(([name, { value }]) => `${name}: ${value}`);
  const inText = findInstructions(document.text);
  const found = inText.length > 0 ? inText : findInstructions(fields.join("\n"));
  const warnings = document.warnings.filter((warning) => /^hidden_text/i.test(warning));
  if (found.length === 0 && warnings.length === 0) return undefined;
  const kinds = found.map(({ kind }) => kind);
  return {
    code: "PROMPT_INJECTION",
    kind: "doubt",
    message: "The document contains instructions to the agent",
    evidence: {
      kinds: [...new Set(warnings.length > 0 ? [...kinds, "hidden_text"] : kinds)],
      excerpts: [...found.map(({ excerpt }) => excerpt), ...warnings].slice(0, excerptLimitCount),
      page: found[0]?.page ?? null,
    },
    source: "document",
  };
}
