import { and, desc, eq } from "drizzle-orm";
import { claimDecisions, processingRuns } from "../../../../db/claims/tables/runs.ts";
import type { Queries } from "../../../../db/database.ts";
import { AppError } from "../../../core/fault.ts";
import { type ClaimRow, lockClaim } from "../claims.ts";
import type { ClaimsContext } from "../context.ts";
import { invalidInput } from "../failure.ts";
import { appendEvent } from "../runs/events.ts";
import { storeResult } from "../runs/finish.ts";
import { type DecisionRow, findDecision } from "../runs/read.ts";
import { findLiveRun, isDecidedByPerson, type RunRow } from "../runs/start.ts";
import type { DecisionRecord } from "./decision-schema.ts";

/** The decision of a run, and whether this call has made it. */
export interface Recorded {
  decision: DecisionRow;
  isNew: boolean;
}

/**
 * Records the first decision of a run. The claim is locked, so of several calls one is the first.
 * @throws AppError `not_found` for an unknown claim or run, `invalid_input` for another user's claim, `conflict` when
 * the run has another decision or has ended, or a person has decided.
 */
export function recordDecision(
  { database }: ClaimsContext,
  claimId: string,
  record: DecisionRecord,
): Promise<Recorded> {
  return database.transaction(async (queries) => {
    const claim = await lockClaim(queries, claimId);
    if (claim.userId !== record.user_id) {
      throw invalidInput(["body", "user_id"], "The claim is another user's", "wrong_user");
    }
    const run = await runOf(queries, claimId, record);
    const known = run && (await findDecision(queries, claimId, run.id));
    if (known) return { decision: repeated(known, record), isNew: false };
    if (run) {
      if (run.state !== "running" && run.state !== "queued") {
        throw new AppError("conflict", "The run has ended without a decision");
      }
      return { decision: await insertDecision(queries, run, record), isNew: true };
    }
    return { decision: await decideDirectly(queries, claim, record), isNew: true };
  });
}

/** The run that a decision belongs to; undefined when it is to have one of its own. */
async function runOf(
  queries: Queries,
  claimId: string,
  record: DecisionRecord,
): Promise<RunRow | undefined> {
  if (record.run_id === null) {
    const live = await findLiveRun(queries, claimId);
    return live ?? (await findRepeatedDirectRun(queries, claimId, record.call_hash));
  }
  const [run] = await queries
    .select()
    .from(processingRuns)
    .where(and(eq(processingRuns.id, record.run_id), eq(processingRuns.claimId, claimId)));
  if (!run) throw new AppError("not_found", "Run not found");
  return run;
}

/** The newest run, when it was opened by the very same call. */
async function findRepeatedDirectRun(
  queries: Queries,
  claimId: string,
  callHash: string,
): Promise<RunRow | undefined> {
  const [newest] = await queries
    .select({ run: processingRuns, digest: claimDecisions.callDigest })
    .from(processingRuns)
    .leftJoin(claimDecisions, eq(claimDecisions.runId, processingRuns.id))
    .where(eq(processingRuns.claimId, claimId))
    .orderBy(desc(processingRuns.requestedAt), desc(processingRuns.id))
    .limit(1);
  const isRepeated = newest?.run.origin === "direct" && newest.digest === callHash;
  return isRepeated ? newest.run : undefined;
}

function repeated(known: DecisionRow, { call_hash }: DecisionRecord): DecisionRow {
  if (known.callDigest === call_hash) return known;
  throw new AppError("conflict", "The run has a decision already");
}

async function insertDecision(
  queries: Queries,
  run: RunRow,
  record: DecisionRecord,
): Promise<DecisionRow> {
  const [decision] = await queries
    .insert(claimDecisions)
    .values({
      claimId: run.claimId,
      runId: run.id,
      proposedDecision: record.proposed_decision,
      initialDecision: record.recommendation,
      initialConfidence: record.confidence,
      initialReasoning: record.reasoning,
      relevantPolicies: record.relevant_policies,
      ruleHits: record.rule_hits,
      redFlags: record.red_flags,
      requiredDocumentation: record.required_documentation,
      payableAmount: record.payable_amount === null ? null : record.payable_amount.toFixed(2),
      currency: record.currency,
      requiresManualReview: record.requires_manual_review,
      callDigest: record.call_hash,
    })
    .returning();
  if (!decision) throw new Error("an insert returned no row");
  const data = {
    decision: record.recommendation,
    proposed_decision: record.proposed_decision,
    confidence: record.confidence,
    rule_hits: record.rule_hits,
    payable_amount: record.payable_amount,
    currency: record.currency,
  };
  const { claimId, id: runId } = run;
  await appendEvent(queries, { claimId, runId, type: "decision.recorded", data });
  return decision;
}

/** A decision outside any run opens one, which is over at once. */
async function decideDirectly(
  queries: Queries,
  claim: ClaimRow,
  record: DecisionRecord,
): Promise<DecisionRow> {
  if (await isDecidedByPerson(queries, claim.id)) {
    throw new AppError("conflict", "The claim has been decided by a reviewer");
  }
  const now = new Date();
  const [run] = await queries
    .insert(processingRuns)
    .values({
      claimId: claim.id,
      state: "running",
      origin: "direct",
      options: {},
      startedAt: now,
      heartbeatAt: now,
    })
    .returning();
  if (!run) throw new Error("an insert returned no row");
  const decision = await insertDecision(queries, run, record);
  const word = record.recommendation;
  await storeResult(
    queries,
    run,
    word === "manual_review"
      ? { status: "manual_review", outcome: null, error: null }
      : { status: "completed", outcome: word, error: null },
  );
  return decision;
}

/** The stored decision as the decision server takes it. */
export function printRecorded(row: DecisionRow) {
  return {
    decision_id: row.id,
    run_id: row.runId,
    claim_id: row.claimId,
    recommendation: row.initialDecision,
    proposed_decision: row.proposedDecision,
    confidence: row.initialConfidence,
    reasoning: row.initialReasoning,
    payable_amount: row.payableAmount === null ? null : Number(row.payableAmount),
    currency: row.currency,
    rule_hits: row.ruleHits,
    relevant_policies: row.relevantPolicies,
    red_flags: row.redFlags,
    required_documentation: row.requiredDocumentation,
    requires_manual_review: row.requiresManualReview,
  };
}
