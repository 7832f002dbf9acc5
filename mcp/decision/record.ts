import * as z from "zod";
import { ruleCodes } from "./rules/hit.ts";

/** A rule hit as it is stored and answered. */
const RuleHitRow = z.looseObject({
  code: z.enum(ruleCodes).describe("The rule's code, for example LATE_FILING."),
  kind: z.enum(["deny", "review", "doubt"]),
  message: z.string(),
  evidence: z.record(z.string(), z.unknown()).describe("The values that the rule compared."),
  source: z.string(),
});

/** A recorded decision, as the claims service answers it and as the tool hands it on. */
export const RecordedDecision = z.object({
  decision_id: z.string(),
  run_id: z.string(),
  claim_id: z.string(),
  recommendation: z
    .enum(["approve", "deny", "manual_review"])
    .describe("The decision that counts: the stricter of the proposal and the rules."),
  proposed_decision: z.enum(["approve", "deny", "manual_review"]),
  confidence: z.number(),
  reasoning: z.string(),
  payable_amount: z
    .number()
    .nullable()
    .describe("In units of currency; null for a denial and where nothing can be computed."),
  currency: z.string().nullable(),
  rule_hits: z.array(RuleHitRow),
  relevant_policies: z.array(z.string()),
  red_flags: z.array(z.string()),
  required_documentation: z.array(z.string()),
  requires_manual_review: z.boolean(),
});
export type RecordedDecision = z.output<typeof RecordedDecision>;

/** What is handed over for recording: the gate's result with the call that led to it. */
export interface DecisionRecord
  extends Omit<RecordedDecision, "decision_id" | "run_id" | "claim_id"> {
  readonly run_id: string | null;
  readonly user_id: string;
  /** SHA-256 of the call's own arguments: a repeated call is the same one, whatever the facts have become. */
  readonly call_hash: string;
  readonly estimated_coverage_amount: number | null;
}
