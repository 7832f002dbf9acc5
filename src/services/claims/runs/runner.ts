import { eq } from "drizzle-orm";
import { claimDocuments, claims } from "../../../../db/claims/tables/claims.ts";
import { users } from "../../../../db/claims/tables/people.ts";
import type { ApprovalRequest, ClaimTask, Ending } from "../../../agent/port.ts";
import { describeFailure } from "../../failure-log.ts";
import type { ClaimsContext } from "../context.ts";
import { readEarlierClaims } from "./earlier.ts";
import { finishRun } from "./finish.ts";
import { hashDocument } from "./hash.ts";
import { type Hold, HoldLost, keepHold, takeRun } from "./hold.ts";
import { keepable } from "./keepable.ts";
import type { RunJob } from "./queue.ts";
import { recordReport } from "./record.ts";
import { ProcessRequest } from "./run-schema.ts";

/** How often a worker shows life while it waits for the agent, in milliseconds. */
const heartbeatMs = 5_000;

/** How an agent's work ended, with the model that did it. */
export type RunEnding = Ending & { llmModel: string | null; note: string };

/**
 * Works on a run from taking it to its stored end. Runs of a worker that was lost are taken over from their beginning;
 * a decision that had been recorded by then stays the decision.
 * @throws when the end could not be stored, or the process is about to stop: the queue then gives the run to another.
 */
export async function performRun(
  context: ClaimsContext,
  { runId }: RunJob,
  stopping: AbortSignal,
): Promise<void> {
  const hold = await takeRun(context.database, runId, context.replica);
  if (!hold) return;
  const lost = new AbortController();
  const heartbeat = setInterval(() => showLife(context, hold, lost), heartbeatMs);
  const signal = AbortSignal.any([stopping, context.bus.closing, lost.signal]);
  try {
    const ending = await work(context, hold, signal);
    if (ending.state === "failed" && ending.reason === "CANCELLED" && signal.aborted) {
      throw new Error(`the run ${runId} was given up: the worker stops`);
    }
    await finishRun(context, hold, ending);
  } catch (error) {
    // Whoever has taken the run over writes on; this job is done.
    if (error instanceof HoldLost) return;
    if (!signal.aborted) {
      const { attempt } = hold;
      context.log.error({ runId, attempt, failure: describeFailure(error) }, "cannot end a run");
    }
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

/** A database that is away for a moment proves nothing; a run in other hands does. */
function showLife(context: ClaimsContext, hold: Hold, lost: AbortController): void {
  const { database } = context;
  database
    .run(() => keepHold(database.queries, hold))
    .catch((error: unknown) => {
      if (error instanceof HoldLost) lost.abort();
    });
}

/** Lets the agent work and stores each of its reports before it may go on. */
async function work(context: ClaimsContext, hold: Hold, signal: AbortSignal): Promise<RunEnding> {
  const task = await taskOf(context, hold);
  await hashDocument(context, task.claimId, task.documentPath);
  await readEarlierClaims(context, task.claimId, signal);
  const approve = async (request: ApprovalRequest) => isOwnDecision(task, request);
  for await (const event of context.agent.run(task, { signal, approve })) {
    const report = keepable(event);
    if (report.type === "ended") return report;
    await recordReport(context.database, hold, report);
  }
  const message = "the agent ended without saying how";
  return { state: "failed", reason: "AGENT_STREAM_BROKEN", message, llmModel: null, note: "" };
}

/** The policy for writes that want approval: the run may decide its own claim and nothing else. */
function isOwnDecision(task: ClaimTask, { stepName, arguments: given }: ApprovalRequest): boolean {
  const { claim_id, user_id, run_id = null } = given;
  const isOwnRun = run_id === null || run_id === task.runId;
  const isOwnClaim = claim_id === task.claimId && user_id === task.userId;
  return stepName === "make_final_decision" && isOwnClaim && isOwnRun;
}

async function taskOf(context: ClaimsContext, { run }: Hold): Promise<ClaimTask> {
  const { queries } = context.database;
  const [row] = await context.database.run(() =>
    queries
      .select({ claim: claims, userName: users.fullName, text: claimDocuments.rawOcrText })
      .from(claims)
      .innerJoin(users, eq(users.userId, claims.userId))
      .leftJoin(claimDocuments, eq(claimDocuments.claimId, claims.id))
      .where(eq(claims.id, run.claimId)),
  );
  if (!row) throw new Error("a run's claim is gone");
  const { claim, userName, text } = row;
  const options = ProcessRequest.parse(run.options);
  return {
    runId: run.id,
    claimId: claim.id,
    claimNumber: claim.claimNumber,
    userId: claim.userId,
    claimType: claim.claimType,
    documentPath: claim.documentPath,
    userName,
    documentText: text,
    options: {
      workflowType: options.workflow_type,
      skipOcr: options.skip_ocr,
      enableRag: options.enable_rag,
      skipGuardrails: options.skip_guardrails,
    },
  };
}
