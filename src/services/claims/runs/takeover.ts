import { and, eq, inArray, sql } from "drizzle-orm";
import { processingRuns } from "../../../../db/claims/tables/runs.ts";
import type { Queries } from "../../../../db/database.ts";
import { describeFailure } from "../../failure-log.ts";
import { lockClaim } from "../claims.ts";
import type { ClaimsContext } from "../context.ts";
import { storeResult } from "./finish.ts";
import { closeSteps } from "./hold.ts";
import { queueSchema, type RunJob } from "./queue.ts";

/** How often each replica looks for runs without a sign of life, in milliseconds. */
const lookMs = 10_000;
/** The most runs that one look deals with. */
const batchCount = 100;

/** Ends runs that nobody could finish, at once and then regularly, until it is stopped. */
export function watchForDeadRuns(context: ClaimsContext): { stop(): void } {
  const look = () =>
    failSilentRuns(context).catch((error: unknown) => {
      context.log.warn({ failure: describeFailure(error) }, "cannot look for dead runs");
    });
  void look();
  const timer = setInterval(look, lookMs);
  return { stop: () => clearInterval(timer) };
}

/** Fails a run that the queue has given out as often as it may. */
export async function abandonRun(context: ClaimsContext, { runId }: RunJob): Promise<void> {
  await failRun(
    context,
    runId,
    "gave up: the run was lost by every worker that took it",
    sql`true`,
  );
}

/**
 * The last resort, beside the queue's own takeover: a run that has shown no life for the whole limit, or waits without a
 * job that would ever start it, is failed so that its claim can be processed again.
 */
async function failSilentRuns(context: ClaimsContext): Promise<void> {
  const { database, settings } = context;
  const { queries, run } = database;
  const silent = silentFor(settings.runLimitSeconds);
  const found = await run(() =>
    queries.select({ id: processingRuns.id }).from(processingRuns).where(silent).limit(batchCount),
  );
  for (const { id } of found) {
    const error = `no sign of life for ${settings.runLimitSeconds} seconds`;
    await failRun(context, id, error, silent);
  }
}

function silentFor(limitSeconds: number) {
  const limit = sql`clock_timestamp() - make_interval(secs => ${limitSeconds})`;
  const job = sql`select from ${sql.identifier(queueSchema)}.job
    where job.id = ${processingRuns.jobId} and job.state in ('created', 'retry', 'active')`;
  return sql`(${processingRuns.state} = 'running' and ${processingRuns.heartbeatAt} < ${limit})
    or (${processingRuns.state} = 'queued' and ${processingRuns.requestedAt} < ${limit}
      and not exists (${job}))`;
}

/** Locks the claim first, as everybody does, and looks again: the run may have come back to life. */
function failRun(
  { database }: ClaimsContext,
  runId: string,
  error: string,
  condition: ReturnType<typeof sql>,
): Promise<void> {
  return database.transaction(async (queries) => {
    const claimId = await claimOf(queries, runId);
    if (claimId === undefined) return;
    await lockClaim(queries, claimId);
    const [run] = await queries
      .select()
      .from(processingRuns)
      .where(
        and(
          eq(processingRuns.id, runId),
          inArray(processingRuns.state, ["queued", "running"]),
          condition,
        ),
      )
      .for("no key update");
    if (!run) return;
    await closeSteps(queries, run, error);
    await storeResult(queries, run, { status: "failed", outcome: null, error });
  });
}

async function claimOf(queries: Queries, runId: string): Promise<string | undefined> {
  const [run] = await queries
    .select({ claimId: processingRuns.claimId })
    .from(processingRuns)
    .where(eq(processingRuns.id, runId));
  return run?.claimId;
}
