import { and, desc, eq, sql } from "drizzle-orm";
import { claims } from "../../../../db/claims/tables/claims.ts";
import {
  claimDecisions,
  processingLogs,
  processingRuns,
} from "../../../../db/claims/tables/runs.ts";
import type { Queries } from "../../../../db/database.ts";
import type { ClaimsContext } from "../context.ts";
import type { Outcome, Status } from "../words.ts";
import { appendEvent } from "./events.ts";
import { closeSteps, type Hold, lockHeld } from "./hold.ts";
import type { RunEnding } from "./runner.ts";
import type { RunRow } from "./start.ts";

/** What has become of a claim. */
export interface Result {
  status: Status;
  outcome: Outcome | null;
  error: string | null;
}

/**
 * Stores the end of a run: the recorded decision counts, whatever the agent said afterwards. Without one the claim goes to
 * a person, or is failed when the reason was technical.
 */
export function finishRun(context: ClaimsContext, hold: Hold, ending: RunEnding): Promise<void> {
  return context.database.transaction(async (queries) => {
    await lockHeld(queries, hold);
    const recorded = await completeDecision(queries, hold.run, ending.llmModel);
    const result = recorded ?? (await resultWithoutDecision(queries, hold.run, ending));
    await closeSteps(queries, hold.run, "the run ended before it did");
    await storeResult(queries, hold.run, { ...result, note: ending.note });
  });
}

/** Part of a transaction: the run is over, the claim shows what came of it, and everybody hears of it. */
export async function storeResult(
  queries: Queries,
  run: RunRow,
  result: Result & { note?: string },
): Promise<void> {
  const { status, outcome, error, note } = result;
  const { claimId, id: runId } = run;
  const isFailed = status === "failed";
  const [ended] = await queries
    .update(processingRuns)
    .set({
      state: isFailed ? "failed" : "completed",
      finishedAt: sql`clock_timestamp()`,
      resultStatus: status,
      outcome,
      error,
      // The agent has reported its notes one by one; the last one is told at the end again.
      ...(note && { note: sql`coalesce(${processingRuns.note}, left(${note}::text, 20000))` }),
    })
    .where(eq(processingRuns.id, runId))
    .returning({
      durationMs: sql<number>`round(extract(epoch from clock_timestamp() -
        coalesce(${processingRuns.startedAt}, ${processingRuns.requestedAt})) * 1000)::int`,
    });
  const durationMs = ended?.durationMs ?? null;
  await queries
    .update(claims)
    .set({
      status,
      outcome,
      processedAt: new Date(),
      totalProcessingTimeMs: durationMs,
      version: sql`${claims.version} + 1`,
    })
    .where(eq(claims.id, claimId));
  const data = { status, outcome, error, duration_ms: durationMs };
  await appendEvent(queries, { claimId, runId, type: "status.changed", data: { status, outcome } });
  const type = isFailed ? "run.failed" : "run.completed";
  await appendEvent(queries, { claimId, runId, type, data });
}

/** Adds what the run's steps found to the recorded decision. Undefined when there is none. */
async function completeDecision(
  queries: Queries,
  run: RunRow,
  llmModel: string | null,
): Promise<Result | undefined> {
  const found = async (step: string) => (await lastOutput(queries, run, step)) ?? {};
  const { similar_claims: similarClaims = null } = await found("retrieve_similar_claims");
  const { contracts: userContractInfo = null } = await found("retrieve_user_info");
  const [decision] = await queries
    .update(claimDecisions)
    .set({ similarClaims, userContractInfo, llmModel })
    .where(eq(claimDecisions.runId, run.id))
    .returning();
  if (!decision) return undefined;
  const word = decision.initialDecision;
  if (word !== "approve" && word !== "deny") {
    return { status: "manual_review", outcome: null, error: null };
  }
  return { status: "completed", outcome: word, error: null };
}

async function lastOutput(
  queries: Queries,
  run: RunRow,
  stepName: string,
): Promise<Record<string, unknown> | undefined> {
  const [step] = await queries
    .select({ output: processingLogs.outputData })
    .from(processingLogs)
    .where(
      and(
        eq(processingLogs.runId, run.id),
        eq(processingLogs.stepName, stepName),
        eq(processingLogs.status, "completed"),
      ),
    )
    .orderBy(desc(processingLogs.startedAt))
    .limit(1);
  // The agent's port has outputs as objects.
  return (step?.output ?? undefined) as Record<string, unknown> | undefined;
}

/** A claim without a decision is never closed: a person looks at it, with the reason as the rule that was hit. */
async function resultWithoutDecision(
  queries: Queries,
  run: RunRow,
  ending: RunEnding,
): Promise<Result> {
  if (ending.state === "failed") {
    return { status: "failed", outcome: null, error: `${ending.reason}: ${ending.message}` };
  }
  const code = ending.state === "undecided" ? ending.reason : "NO_DECISION_RECORDED";
  const message =
    ending.state === "undecided" ? ending.message : "the run ended without a recorded decision";
  const hit = { code, kind: "doubt", message, evidence: {}, source: "run" };
  await queries.insert(claimDecisions).values({
    claimId: run.claimId,
    runId: run.id,
    initialDecision: "manual_review",
    initialReasoning: ending.note || message,
    ruleHits: [hit],
    redFlags: [],
    requiredDocumentation: [],
    llmModel: ending.llmModel,
    requiresManualReview: true,
  });
  const data = { decision: "manual_review", confidence: null, rule_hits: [hit] };
  await appendEvent(queries, {
    claimId: run.claimId,
    runId: run.id,
    type: "decision.recorded",
    data,
  });
  return { status: "manual_review", outcome: null, error: null };
}
