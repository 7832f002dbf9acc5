import { and, eq, inArray, sql } from "drizzle-orm";
import { claims } from "../../../../db/claims/tables/claims.ts";
import { processingLogs, processingRuns } from "../../../../db/claims/tables/runs.ts";
import type { Database, Queries } from "../../../../db/database.ts";
import { appendEvent } from "./events.ts";
import type { RunRow } from "./start.ts";

/** A worker that holds a run; a takeover makes a hold with a higher attempt, and this one ends. */
export interface Hold {
  run: RunRow;
  attempt: number;
}

/** Thrown in a worker whose run has been taken over or has ended: it must stop without writing anything. */
export class HoldLost extends Error {
  constructor(runId: string) {
    super(`the run ${runId} is no longer this worker's`);
  }
}

/**
 * Takes a run for this worker. What an earlier worker left running is closed as failed: it was started and never ended.
 * Undefined when the run has ended already.
 */
export function takeRun(
  database: Database,
  runId: string,
  worker: string,
): Promise<Hold | undefined> {
  return database.transaction(async (queries) => {
    const [known] = await queries
      .select({ claimId: processingRuns.claimId })
      .from(processingRuns)
      .where(eq(processingRuns.id, runId));
    if (!known || !(await isClaimLocked(queries, known.claimId))) return undefined;
    const [run] = await queries
      .update(processingRuns)
      .set({
        state: "running",
        attempt: sql`${processingRuns.attempt} + 1`,
        worker,
        heartbeatAt: sql`clock_timestamp()`,
        startedAt: sql`coalesce(${processingRuns.startedAt}, clock_timestamp())`,
      })
      .where(
        and(eq(processingRuns.id, runId), inArray(processingRuns.state, ["queued", "running"])),
      )
      .returning();
    if (!run) return undefined;
    await closeSteps(queries, run, "interrupted: its worker was lost");
    const data = { attempt: run.attempt, options: run.options };
    await appendEvent(queries, { claimId: run.claimId, runId, type: "run.started", data });
    return { run, attempt: run.attempt };
  });
}

/**
 * Part of a transaction: locks the claim of a run and shows life. The claim comes first here as everywhere: whoever held
 * the run and waited for its claim would block who holds all claims and waits for the run.
 * @throws HoldLost when the claim is gone, or the run is another worker's or has ended.
 */
export async function lockHeld(queries: Queries, hold: Hold): Promise<void> {
  if (!(await isClaimLocked(queries, hold.run.claimId))) throw new HoldLost(hold.run.id);
  await keepHold(queries, hold);
}

async function isClaimLocked(queries: Queries, claimId: string): Promise<boolean> {
  const locked = await queries
    .select({ id: claims.id })
    .from(claims)
    .where(eq(claims.id, claimId))
    .for("no key update");
  return locked.length > 0;
}

/** Part of a transaction: shows life. @throws HoldLost when the run is another worker's, or has ended. */
export async function keepHold(queries: Queries, { run, attempt }: Hold): Promise<void> {
  const kept = await queries
    .update(processingRuns)
    .set({ heartbeatAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(processingRuns.id, run.id),
        eq(processingRuns.attempt, attempt),
        eq(processingRuns.state, "running"),
      ),
    )
    .returning({ id: processingRuns.id });
  if (kept.length === 0) throw new HoldLost(run.id);
}

/** Part of a transaction: no step of the run stays open. */
export async function closeSteps(queries: Queries, run: RunRow, error: string): Promise<void> {
  const closed = await queries
    .update(processingLogs)
    .set({ status: "failed", completedAt: new Date(), errorMessage: error })
    .where(and(eq(processingLogs.runId, run.id), eq(processingLogs.status, "running")))
    .returning({
      step_id: processingLogs.stepKey,
      step_name: processingLogs.stepName,
      agent_name: processingLogs.agentName,
    });
  for (const step of closed) {
    const data = { ...step, error, duration_ms: null };
    await appendEvent(queries, { claimId: run.claimId, runId: run.id, type: "step.failed", data });
  }
}
