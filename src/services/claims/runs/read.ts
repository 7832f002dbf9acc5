import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import {
  claimDecisions,
  guardrailsDetections,
  processingLogs,
  processingRuns,
} from "../../../../db/claims/tables/runs.ts";
import type { Database, Queries } from "../../../../db/database.ts";
import { AppError } from "../../../core/fault.ts";
import type { RunRow } from "./start.ts";

type StepRow = typeof processingLogs.$inferSelect;
export type DecisionRow = typeof claimDecisions.$inferSelect;

/** The most runs, steps and detections of one answer. */
const runLimitCount = 200;
const stepLimitCount = 1_000;

export function printStep(row: StepRow) {
  return {
    step_name: row.stepName,
    agent_name: row.agentName,
    status: row.status,
    duration_ms: row.durationMs,
    started_at: row.startedAt,
    completed_at: row.completedAt,
    input_data: row.inputData,
    output_data: row.outputData,
    error_message: row.errorMessage,
  };
}

export function printRun(row: RunRow) {
  const { startedAt, finishedAt } = row;
  const isEnded = startedAt !== null && finishedAt !== null;
  return {
    run_id: row.id,
    claim_id: row.claimId,
    state: row.state,
    origin: row.origin,
    options: row.options,
    attempt: row.attempt,
    requested_at: row.requestedAt,
    started_at: startedAt,
    finished_at: finishedAt,
    duration_ms: isEnded ? finishedAt.getTime() - startedAt.getTime() : null,
    status: row.resultStatus,
    outcome: row.outcome,
    error: row.error,
  };
}

export function printDecision(row: DecisionRow) {
  return {
    id: row.id,
    claim_id: row.claimId,
    run_id: row.runId,
    initial_decision: row.initialDecision,
    initial_confidence: row.initialConfidence,
    initial_reasoning: row.initialReasoning,
    initial_decided_at: row.initialDecidedAt,
    final_decision: row.finalDecision,
    final_decision_by: row.finalDecisionBy,
    final_decision_by_name: row.finalDecisionByName,
    final_decision_at: row.finalDecisionAt,
    final_decision_notes: row.finalDecisionNotes,
    decision: row.initialDecision,
    confidence: row.initialConfidence,
    reasoning: row.initialReasoning,
    proposed_decision: row.proposedDecision,
    rule_hits: row.ruleHits,
    payable_amount: row.payableAmount === null ? null : Number(row.payableAmount),
    currency: row.currency,
    red_flags: row.redFlags,
    required_documentation: row.requiredDocumentation,
    relevant_policies: row.relevantPolicies,
    similar_claims: row.similarClaims,
    user_contract_info: row.userContractInfo,
    llm_model: row.llmModel,
    requires_manual_review: row.requiresManualReview,
    decided_at: row.initialDecidedAt,
  };
}

/** The runs of a claim, newest first; those of one page, or as many as are asked for. */
export function listRuns(
  { queries, run }: Database,
  claimId: string,
  limitCount: number = runLimitCount,
): Promise<RunRow[]> {
  return run(() =>
    queries
      .select()
      .from(processingRuns)
      .where(eq(processingRuns.claimId, claimId))
      .orderBy(desc(processingRuns.requestedAt), desc(processingRuns.id))
      .limit(limitCount),
  );
}

/** @throws AppError `not_found` when the claim has no such run. */
export async function getRun(
  { queries, run }: Database,
  claimId: string,
  runId: string,
): Promise<RunRow> {
  const [found] = await run(() =>
    queries
      .select()
      .from(processingRuns)
      .where(and(eq(processingRuns.id, runId), eq(processingRuns.claimId, claimId))),
  );
  if (!found) throw new AppError("not_found", "Run not found");
  return found;
}

/** The steps of runs in the order in which they began; of all of a claim's runs when none is named. */
export function listSteps(
  { queries, run }: Database,
  claimId: string,
  runId?: string,
): Promise<StepRow[]> {
  return run(() =>
    queries
      .select()
      .from(processingLogs)
      .where(
        and(
          eq(processingLogs.claimId, claimId),
          runId === undefined ? undefined : eq(processingLogs.runId, runId),
        ),
      )
      .orderBy(asc(processingLogs.startedAt), asc(processingLogs.attempt), asc(processingLogs.id))
      .limit(stepLimitCount),
  );
}

/** The decision of a run, or the claim's newest one; inside a transaction with its queries. */
export async function findDecision(
  queries: Queries,
  claimId: string,
  runId?: string,
): Promise<DecisionRow | undefined> {
  const [row] = await queries
    .select()
    .from(claimDecisions)
    .where(
      and(
        eq(claimDecisions.claimId, claimId),
        runId === undefined ? undefined : eq(claimDecisions.runId, runId),
      ),
    )
    .orderBy(desc(claimDecisions.initialDecidedAt), desc(claimDecisions.id))
    .limit(1);
  return row;
}

/** What was found in a claim's texts, newest first. */
export function listDetections({ queries, run }: Database, claimId: string) {
  return run(() =>
    queries
      .select({
        id: guardrailsDetections.id,
        detection_type: guardrailsDetections.detectionType,
        severity: guardrailsDetections.severity,
        action_taken: guardrailsDetections.actionTaken,
        detected_at: guardrailsDetections.detectedAt,
        record_metadata: guardrailsDetections.recordMetadata,
      })
      .from(guardrailsDetections)
      .where(eq(guardrailsDetections.claimId, claimId))
      .orderBy(desc(guardrailsDetections.detectedAt), desc(guardrailsDetections.id))
      .limit(stepLimitCount),
  );
}

/** How long it counts as known how long runs take, in milliseconds: many clients ask again and again. */
const typicalKeptMs = 5_000;
const typical = new WeakMap<Database, { askedAt: number; ms: Promise<number | undefined> }>();

/** How long runs of late have taken, in milliseconds; undefined before the first one. */
export function typicalRunMs(database: Database): Promise<number | undefined> {
  const known = typical.get(database);
  if (known && performance.now() - known.askedAt < typicalKeptMs) return known.ms;
  const ms = readTypicalRunMs(database);
  typical.set(database, { askedAt: performance.now(), ms });
  ms.catch(() => typical.delete(database));
  return ms;
}

async function readTypicalRunMs({ queries, run }: Database): Promise<number | undefined> {
  const recent = queries
    .select({
      ms: sql<number>`extract(epoch from ${processingRuns.finishedAt} - ${processingRuns.startedAt}) * 1000`.as(
        "ms",
      ),
    })
    .from(processingRuns)
    .where(and(eq(processingRuns.origin, "process"), inArray(processingRuns.state, ["completed"])))
    .orderBy(desc(processingRuns.finishedAt))
    .limit(20)
    .as("recent");
  const [row] = await run(() =>
    queries.select({ ms: sql<number | null>`avg(${recent.ms})::float8` }).from(recent),
  );
  return row?.ms ?? undefined;
}
