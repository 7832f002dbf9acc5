import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";
import { shownStatus } from "./claims.ts";
import type { ClaimsContext } from "./context.ts";
import { answered, bodyRefusals, claimParams, claimRefusals, refused } from "./documented.ts";
import { readIdempotencyKey } from "./idempotency.ts";
import { readId } from "./input.ts";
import { ProcessEnded, ProcessQuery, ProcessRequest, ProcessStarted } from "./runs/run-schema.ts";
import { type RunRow, type Started, startRun } from "./runs/start.ts";
import { untilRunEnds } from "./runs/wait.ts";

/** POST /claims/{claim_id}/process: starts a run, or joins the one that goes on. */
export function processOperation(context: ClaimsContext): Operation {
  const { settings } = context;
  return defineOperation({
    method: "POST",
    path: `${settings.prefix}/claims/:claimId/process`,
    tag: "Runs",
    summary: "Process a claim",
    description:
      "Starts a run, or joins the one that goes on. With the header Idempotency-Key a repeated request gets the run of the first.",
    params: claimParams,
    query: ProcessQuery,
    body: ProcessRequest,
    bodyExample: { workflow_type: "standard", enable_rag: true },
    isBodyOptional: true,
    answers: {
      ...answered(200, "The run has ended (wait=true)", ProcessEnded),
      ...answered(202, "The run goes on", ProcessStarted, ["Location"]),
      ...claimRefusals,
      ...refused(409, "The claim has been decided by a reviewer"),
      ...bodyRefusals,
    },
    async answer({ request, params, query, body }) {
      const claimId = readId(params.claimId, "claim_id");
      const started = await startRun(context, {
        claimId,
        options: body,
        isForced: query.force,
        idempotencyKey: readIdempotencyKey(request),
      });
      if (!query.wait) return goesOn(context, started, started.run);
      const limitMs = settings.runLimitSeconds * 1000;
      const run = await untilRunEnds(context, started.run, { signal: request.signal, limitMs });
      if (run.state !== "completed" && run.state !== "failed") return goesOn(context, started, run);
      const result = resultOf(run, settings.isDenyShownAsFailed);
      return jsonAnswer(200, { claim_id: run.claimId, run_id: run.id, ...result });
    },
  });
}

function goesOn({ settings }: ClaimsContext, { isJoined }: Started, run: RunRow): Response {
  const claim = `${settings.prefix}/claims/${run.claimId}`;
  // An Idempotency-Key may find a run that is over.
  const isOver = run.resultStatus !== null;
  const joined = isOver ? "The run of this key has ended" : "Joined the run of the claim";
  const answer = {
    claim_id: run.claimId,
    run_id: run.id,
    status: isOver ? resultOf(run, settings.isDenyShownAsFailed).status : "processing",
    message: isJoined ? joined : "Processing has started",
    processing_started_at: run.startedAt ?? run.requestedAt,
    events_url: `${claim}/events?run_id=${run.id}`,
  };
  return jsonAnswer(202, answer, { location: `${claim}/runs/${run.id}` });
}

/** What came of this very run; the claim may have gone on since. */
function resultOf({ resultStatus, outcome }: RunRow, isDenyShownAsFailed: boolean) {
  const status = resultStatus ?? "failed";
  return { status: shownStatus({ status, outcome }, isDenyShownAsFailed), outcome };
}
