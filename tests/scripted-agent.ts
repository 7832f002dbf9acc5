import type { Agent, AgentEvent, ClaimTask, StepName } from "../src/agent/port.ts";
import { internalToken } from "./claims.ts";

/** How long each step of the scripted agent takes, in milliseconds. */
const stepMs = 2;

const agentNames = {
  ocr_document: "ocr-agent",
  retrieve_user_info: "rag-agent",
  retrieve_similar_claims: "rag-agent",
  search_knowledge_base: "rag-agent",
  make_final_decision: "decision-agent",
} as const;

/** What the scripted agent reads from every document: the terms of a car's repair. */
const extraction = {
  success: true,
  raw_text: "[Page 1]\nEstimated repair cost 1,980.00 USD",
  confidence: 1,
  page_count: 1,
  pages: [{ page: 1, source: "text_layer", confidence: 1, rotation: 0 }],
  language: "eng",
  fields: { estimated_repair_cost: { value: "1,980.00 USD", confidence: 1, issues: [] } },
  warnings: [],
};

/**
 * An agent that takes the steps of the workflow and records its decision at the service, as the decision server would.
 * The claim's number says what it decides: 0008 deny, 0010 manual review, 0005 breaks off, 0006 never decides, all
 * others approve.
 */
export function scriptedAgent(serviceUrl: () => string): Agent {
  return {
    name: "workflow",
    run: (task, { signal }) => perform(task, serviceUrl(), signal),
    read: async () => undefined,
    answer: async ({ question, context }) =>
      `Asked ${JSON.stringify(question)} with ${context.earlier.length} earlier, ${context.steps.length} steps and ${context.contracts.map((one) => one.contract_number)}`,
    close: async () => undefined,
  };
}

async function* perform(
  task: ClaimTask,
  url: string,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  const number = task.claimNumber.slice(-4);
  const common = { llmModel: null, note: "" };
  yield* step(task, "ocr_document", extraction);
  yield {
    type: "guardrail.detected",
    detection: {
      detectionType: "email",
      severity: "low",
      actionTaken: "masked",
      sourceStep: "ocr_document",
      field: null,
      span: [10, 20],
      maskedValue: "[EMAIL_1]",
    },
  };
  if (signal.aborted) {
    yield { type: "ended", state: "failed", reason: "CANCELLED", message: "stopped", ...common };
    return;
  }
  yield* step(task, "retrieve_user_info", { success: true, contracts: [{ contract_number: "C" }] });
  if (number === "0005") {
    const message = "the stream broke";
    yield { type: "ended", state: "failed", reason: "AGENT_STREAM_BROKEN", message, ...common };
    return;
  }
  yield* step(task, "retrieve_similar_claims", { success: true, similar_claims: [] });
  if (number === "0006") {
    const message = "no call of make_final_decision";
    yield { type: "ended", state: "undecided", reason: "NO_DECISION_RECORDED", message, ...common };
    return;
  }
  const decision = number === "0008" ? "deny" : number === "0010" ? "manual_review" : "approve";
  yield { type: "decision.proposed", decision: "approve", confidence: 0.9, reasoning: "It fits." };
  const recorded = await record(url, task, decision);
  if (recorded === undefined) {
    const message = "the decision was not taken";
    yield { type: "ended", state: "failed", reason: "TOOL_SERVER_UNAVAILABLE", message, ...common };
    return;
  }
  yield* step(task, "make_final_decision", { success: true, ...recorded });
  yield { type: "ended", state: "decided", decision: recorded, ...common };
}

async function* step(
  task: ClaimTask,
  stepName: StepName,
  output: Record<string, unknown>,
): AsyncGenerator<AgentEvent> {
  const common = { stepId: stepName, stepName, agentName: agentNames[stepName] };
  const startedAt = new Date().toISOString();
  const given = { claim_id: task.claimId };
  yield { type: "step.started", ...common, arguments: given, startedAt };
  await Bun.sleep(stepMs);
  const completedAt = new Date().toISOString();
  yield { type: "step.completed", ...common, output, durationMs: stepMs, completedAt };
}

/** What decision-mcp sends; the hits are those that the decision needs. */
export function decisionRecord(
  task: Pick<ClaimTask, "userId"> & { runId: string | null },
  recommendation: "approve" | "deny" | "manual_review",
) {
  const hit = (code: string, kind: string) => ({
    code,
    kind,
    message: `${code} applies`,
    evidence: { days: 47 },
    source: "document",
  });
  return {
    run_id: task.runId,
    user_id: task.userId,
    call_hash: "a".repeat(64),
    proposed_decision: "approve",
    recommendation,
    confidence: 0.9,
    reasoning: "It fits.",
    payable_amount: recommendation === "deny" ? null : 1480,
    currency: recommendation === "deny" ? null : "USD",
    rule_hits:
      recommendation === "deny"
        ? [hit("EXCLUSION", "deny")]
        : recommendation === "manual_review"
          ? [hit("MISSING_FIELD", "doubt")]
          : [],
    relevant_policies: ["CNT-2025-0001"],
    red_flags: [],
    required_documentation: [],
    estimated_coverage_amount: null,
    requires_manual_review: recommendation === "manual_review",
  };
}

async function record(
  url: string,
  task: ClaimTask,
  decision: "approve" | "deny" | "manual_review",
): Promise<Record<string, unknown> | undefined> {
  const response = await fetch(`${url}/api/v1/internal/claims/${task.claimId}/decisions`, {
    method: "POST",
    headers: { authorization: `Bearer ${internalToken}`, "content-type": "application/json" },
    body: JSON.stringify(decisionRecord(task, decision)),
  }).catch(() => undefined);
  return response?.ok ? response.json() : undefined;
}
