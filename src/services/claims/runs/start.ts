import { and, desc, eq, inArray, isNotNull, sql } from "drizzle-orm";
import { claims } from "../../../../db/claims/tables/claims.ts";
import { claimDecisions, processingRuns } from "../../../../db/claims/tables/runs.ts";
import type { Queries } from "../../../../db/database.ts";
import { AppError } from "../../../core/fault.ts";
import { writeAudit } from "../audit.ts";
import { type ClaimRow, lockClaim } from "../claims.ts";
import type { ClaimsContext } from "../context.ts";
import { invalidInput } from "../failure.ts";
import { appendEvent } from "./events.ts";
import type { ProcessRequest } from "./run-schema.ts";

export type RunRow = typeof processingRuns.$inferSelect;

/** What a caller asks for when a claim is to be processed. */
export interface StartRequest {
  claimId: string;
  options: ProcessRequest;
  /** Also when a person has decided the claim. */
  isForced: boolean;
  idempotencyKey: string | undefined;
}

/** The run that goes on now; it may be an earlier caller's. */
export interface Started {
  run: RunRow;
  isJoined: boolean;
}

/**
 * Starts a run of a claim, or joins the one that goes on. The claim's row is locked, so of many callers one starts; the
 * run, its job, the claim's status and the event appear together or not at all.
 * @throws AppError `not_found`, or `conflict` when a person has decided and the caller does not insist.
 */
export function startRun(context: ClaimsContext, request: StartRequest): Promise<Started> {
  const { claimId, idempotencyKey } = request;
  return context.database.transaction(async (queries) => {
    const claim = await lockClaim(queries, claimId);
    const repeated = idempotencyKey && (await findByKey(queries, claimId, idempotencyKey));
    if (repeated) {
      if (!Bun.deepEquals(repeated.options, request.options)) {
        throw invalidInput(["header", "Idempotency-Key"], "was sent before with other options");
      }
      return { run: repeated, isJoined: true };
    }
    const live = await findLiveRun(queries, claimId);
    if (live) return { run: live, isJoined: true };
    if (!request.isForced && (await isDecidedByPerson(queries, claimId))) {
      throw new AppError("conflict", "The claim has been decided by a reviewer", {
        hint: "Process it again with force=true.",
      });
    }
    return { run: await insertRun(context, queries, claim, request), isJoined: false };
  });
}

/** Part of a transaction: the run of a claim that waits or goes on. */
export async function findLiveRun(queries: Queries, claimId: string): Promise<RunRow | undefined> {
  const [run] = await queries
    .select()
    .from(processingRuns)
    .where(
      and(
        eq(processingRuns.claimId, claimId),
        inArray(processingRuns.state, ["queued", "running"]),
      ),
    );
  return run;
}

async function findByKey(
  queries: Queries,
  claimId: string,
  key: string,
): Promise<RunRow | undefined> {
  const [run] = await queries
    .select()
    .from(processingRuns)
    .where(and(eq(processingRuns.claimId, claimId), eq(processingRuns.idempotencyKey, key)));
  return run;
}

/** Part of a transaction: whether the newest decision is a reviewer's. */
export async function isDecidedByPerson(queries: Queries, claimId: string): Promise<boolean> {
  const [newest] = await queries
    .select({ isFinal: isNotNull(claimDecisions.finalDecision) })
    .from(claimDecisions)
    .where(eq(claimDecisions.claimId, claimId))
    .orderBy(desc(claimDecisions.initialDecidedAt))
    .limit(1);
  return newest?.isFinal === true;
}

async function insertRun(
  context: ClaimsContext,
  queries: Queries,
  claim: ClaimRow,
  { options, idempotencyKey }: StartRequest,
): Promise<RunRow> {
  const claimId = claim.id;
  await queries
    .update(claims)
    .set({
      status: "processing",
      outcome: null,
      processedAt: null,
      totalProcessingTimeMs: null,
      version: sql`${claims.version} + 1`,
    })
    .where(eq(claims.id, claimId));
  const runId = crypto.randomUUID();
  const jobId = await context.queue.add(queries, { runId });
  const [run] = await queries
    .insert(processingRuns)
    .values({ id: runId, claimId, options, idempotencyKey: idempotencyKey ?? null, jobId })
    .returning();
  if (!run) throw new Error("an insert returned no row");
  const data = { status: "processing", outcome: null, previous_status: claim.status };
  await appendEvent(queries, { claimId, runId, type: "status.changed", data });
  if (options.skip_guardrails) {
    const detail = { run_id: runId };
    await writeAudit(queries, { action: "guardrails_skipped", claimId, detail });
  }
  return run;
}
