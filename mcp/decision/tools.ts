import { createHash } from "node:crypto";
import * as z from "zod";
import { Masker } from "../../src/core/privacy/masker.ts";
import { defineTool, type Tool } from "../../src/kit/tool.ts";
import { type Desk, refusal } from "./desk.ts";
import { type DecisionRecord, RecordedDecision } from "./record.ts";
import { judge } from "./rules/gate.ts";

/** What the tool works with. */
export interface DecisionDeps {
  desk: Desk;
  /** From this amount on a person decides, in units of the claim's currency. */
  highValueThreshold: number;
  /** Masks personal data in what the caller gets back; what is recorded is never masked. */
  isMasked: boolean;
  /** Refuses calls that name no run. */
  isRunRequired: boolean;
}

/** The longest text of an argument, in UTF-16 units, and the most entries of a list. */
const reasoningLimit = 20_000;
const entryLimit = 2_000;
const entryLimitCount = 100;

const id = z.string().min(1).max(100);
const texts = (what: string) =>
  z.array(z.string().max(entryLimit)).max(entryLimitCount).default([]).describe(what);

const input = z.strictObject({
  claim_id: id.describe("The id of the claim to decide."),
  user_id: id.describe("The claimant's user id; it must be the claim's."),
  decision: z
    .enum(["approve", "deny", "manual_review"])
    .describe("The proposed decision, in lower case."),
  confidence: z.number().min(0).max(1).describe("How sure you are, from 0 to 1, for example 0.9."),
  reasoning: z
    .string()
    .max(reasoningLimit)
    .regex(/[^\s\p{C}]/u, "must not be empty")
    .describe("Why, in whole sentences that name what was found."),
  relevant_policies: texts("Contract numbers or articles that the decision rests on."),
  red_flags: texts("What looked wrong."),
  required_documentation: texts("Documents that the claimant should still send."),
  estimated_coverage_amount: z
    .number()
    .min(0)
    .nullable()
    .default(null)
    .describe("Your own estimate of what is payable; it is noted, the rules compute their own."),
  run_id: id
    .nullable()
    .default(null)
    .describe("The run that this decision belongs to, as you were given it."),
  facts: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      "Only for a server without a claims service: claim, user, contracts, document and other_claims, as the docs show.",
    ),
});

const makeFinalDecision = defineTool({
  name: "make_final_decision",
  title: "Make the final decision",
  description:
    "Writes: records the decision on one claim, once per run. A policy gate checks the proposal against the claim's stored " +
    "document, contracts and other claims and may only make it stricter: approve, then manual_review, then deny. Returns " +
    "the decision that counts in `recommendation`, the rules that apply with their evidence in `rule_hits`, and the payable " +
    "amount. Call it last, exactly once, after the document and the contracts have been read.",
  effect: "write",
  idempotent: true,
  input,
  output: RecordedDecision.extend({ success: z.boolean() }),
  run: async (args, deps: DecisionDeps, call) => {
    const { claim_id: claimId, run_id: runId } = args;
    if (deps.isRunRequired && runId === null) {
      throw refusal(
        "invalid_input",
        `Cannot decide claim "${claimId}": run_id is missing`,
        "Give the run_id that you were given with the claim.",
      );
    }
    const facts = await deps.desk.getFacts({ claimId, runId, given: args.facts }, call);
    if (facts.claim.user_id !== args.user_id) {
      throw refusal(
        "invalid_input",
        `Cannot decide claim "${claimId}": it is not a claim of user "${args.user_id}"`,
        "Give claim_id and user_id exactly as you were given them.",
      );
    }
    const verdict = judge(facts, args, { highValueThreshold: deps.highValueThreshold });
    const row = await deps.desk.record(claimId, recordOf(args, verdict), call);
    const shown = deps.isMasked
      ? { ...row, rule_hits: new Masker([facts.user?.full_name ?? null]).maskJson(row.rule_hits) }
      : row;
    return { success: true, ...shown };
  },
});

function recordOf(args: z.output<typeof input>, verdict: ReturnType<typeof judge>): DecisionRecord {
  const { decision, confidence, reasoning, relevant_policies, required_documentation } = args;
  const isInjected = verdict.hits.some(({ code }) => code === "PROMPT_INJECTION");
  return {
    run_id: args.run_id,
    user_id: args.user_id,
    call_hash: callHash(args),
    proposed_decision: decision,
    recommendation: verdict.recommendation,
    confidence,
    reasoning,
    payable_amount: verdict.payableAmount,
    currency: verdict.currency,
    rule_hits: verdict.hits.map((hit) => ({ ...hit, evidence: { ...hit.evidence } })),
    relevant_policies,
    red_flags: isInjected
      ? [...args.red_flags, "The document contains instructions to the agent"]
      : args.red_flags,
    required_documentation,
    estimated_coverage_amount: args.estimated_coverage_amount,
    requires_manual_review: verdict.requiresManualReview,
  };
}

/** Over the arguments in the schema's order; the facts and the run are not part of what was decided. */
function callHash({ facts: _, run_id: __, ...args }: z.output<typeof input>): string {
  return createHash("sha256").update(JSON.stringify(args)).digest("hex");
}

/** The decision server's tools. */
export const tools: readonly Tool<DecisionDeps>[] = [makeFinalDecision];
