import type { Facts } from "../facts.ts";
import { type Case, openCase, type Proposal, type RuleOptions } from "./case.ts";
import { documentNotRead, lowOcrConfidence, missingFields } from "./completeness.ts";
import { contractNotActive, lateFiling, noContract } from "./cover.ts";
import { duplicate } from "./duplicate.ts";
import { exclusions } from "./exclusion.ts";
import { type RuleHit, ruleCodes } from "./hit.ts";
import { claimantMismatch, policyMismatch } from "./identity.ts";
import { lowAgentConfidence, promptInjection } from "./machine.ts";
import { currencyMismatch, highValue, limits, payableOf, priorAuthorization } from "./money.ts";

/** What the gate makes of a proposal. */
export interface Verdict {
  /** The stricter of the proposal and the rules. */
  readonly recommendation: Proposal["decision"];
  readonly requiresManualReview: boolean;
  /** In units of `currency`, two decimals; null for a denial and where nothing can be computed. */
  readonly payableAmount: number | null;
  readonly currency: string | null;
  /** In the order of `ruleCodes`. */
  readonly hits: readonly RuleHit[];
}

const rules: readonly ((claim: Case) => RuleHit | readonly RuleHit[] | undefined)[] = [
  noContract,
  contractNotActive,
  exclusions,
  limits,
  lateFiling,
  highValue,
  priorAuthorization,
  duplicate,
  lowAgentConfidence,
  claimantMismatch,
  policyMismatch,
  missingFields,
  lowOcrConfidence,
  documentNotRead,
  currencyMismatch,
  promptInjection,
];

/** From the mildest to the strictest. */
const strictness = ["approve", "manual_review", "deny"] as const;

/**
 * The policy gate: applies all rules and returns the stricter of what they ask for and what was proposed. Deterministic,
 * without input or output; missing and untrusted data never approve.
 */
export function judge(facts: Facts, proposal: Proposal, options: RuleOptions): Verdict {
  const claim = openCase(facts, proposal, options);
  const hits = rules
    .flatMap((rule) => rule(claim) ?? [])
    .sort((one, other) => ruleCodes.indexOf(one.code) - ruleCodes.indexOf(other.code));
  const recommendation = stricter(proposal.decision, levelOf(hits));
  const hasDoubt = hits.some(({ kind }) => kind === "doubt");
  const payable = payableOf(claim);
  return {
    recommendation,
    requiresManualReview:
      recommendation === "manual_review" ||
      (recommendation === "deny" && (hasDoubt || proposal.decision === "manual_review")),
    payableAmount: payable && recommendation !== "deny" ? payable.payableCents / 100 : null,
    currency: claim.terms?.currency ?? claim.reading?.currency ?? null,
    hits,
  };
}

function levelOf(hits: readonly RuleHit[]): Proposal["decision"] {
  const kinds = new Set(hits.map(({ kind }) => kind));
  if (kinds.has("deny") && !kinds.has("doubt")) return "deny";
  return kinds.has("doubt") || kinds.has("review") ? "manual_review" : "approve";
}

function stricter(one: Proposal["decision"], other: Proposal["decision"]): Proposal["decision"] {
  return strictness[Math.max(strictness.indexOf(one), strictness.indexOf(other))] ?? "deny";
}
