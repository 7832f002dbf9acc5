import { AppError } from "../../core/fault.ts";
import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";
import { getClaim } from "./claims.ts";
import type { ClaimsContext } from "./context.ts";
import { answered, claimParams, claimRefusals, idParam, refused } from "./documented.ts";
import { readId } from "./input.ts";
import { processOperation } from "./process-operation.ts";
import { readEventId } from "./runs/event-id.ts";
import { createEventStreams } from "./runs/event-stream.ts";
import { readProgress } from "./runs/progress.ts";
import {
  findDecision,
  getRun,
  listDetections,
  listRuns,
  listSteps,
  printDecision,
  printRun,
  printStep,
} from "./runs/read.ts";
import {
  ClaimStatus,
  Decision,
  EventsQuery,
  eventDescription,
  Guardrails,
  Logs,
  Run,
  RunList,
  RunQuery,
} from "./runs/run-schema.ts";

/** The endpoints of a claim's runs. */
export function runOperations(context: ClaimsContext): Operation[] {
  const { database, settings } = context;
  const path = `${settings.prefix}/claims/:claimId`;
  const common = { method: "GET", tag: "Runs", params: claimParams } as const;
  /** A claim of the path, which must exist. */
  const claimOf = (params: Readonly<Record<string, string>>) =>
    getClaim(database, readId(params.claimId, "claim_id"));
  return [
    processOperation(context),
    eventsOperation(context),
    defineOperation({
      ...common,
      path: `${path}/runs`,
      summary: "List the runs of a claim, newest first",
      answers: { ...answered(200, "The runs", RunList), ...claimRefusals },
      async answer({ params }) {
        const { id } = await claimOf(params);
        const runs = await listRuns(database, id);
        return jsonAnswer(200, { claim_id: id, runs: runs.map(printRun), total: runs.length });
      },
    }),
    runOperation(context),
    defineOperation({
      ...common,
      path: `${path}/status`,
      summary: "Tell how far a claim is",
      answers: { ...answered(200, "Status and steps", ClaimStatus), ...claimRefusals },
      async answer({ params }) {
        const claim = await claimOf(params);
        return jsonAnswer(200, await readProgress(database, claim, settings.isDenyShownAsFailed));
      },
    }),
    defineOperation({
      ...common,
      path: `${path}/decision`,
      summary: "Get the decision on a claim",
      query: RunQuery,
      answers: {
        ...answered(200, "The decision of the newest run, or of the one asked for", Decision),
        ...claimRefusals,
        ...refused(404, "No decision found for this claim"),
      },
      async answer({ params, query }) {
        const { id } = await claimOf(params);
        const { queries, run } = database;
        const decision = await run(() => findDecision(queries, id, query.run_id));
        if (!decision) throw new AppError("not_found", "No decision found for this claim");
        return jsonAnswer(200, printDecision(decision));
      },
    }),
    defineOperation({
      ...common,
      path: `${path}/logs`,
      summary: "List the steps of all runs of a claim",
      answers: { ...answered(200, "The steps in their order", Logs), ...claimRefusals },
      async answer({ params }) {
        const { id } = await claimOf(params);
        const steps = await listSteps(database, id);
        return jsonAnswer(200, { claim_id: id, logs: steps.map(printStep) });
      },
    }),
    defineOperation({
      ...common,
      path: `${path}/guardrails`,
      summary: "List personal data and instructions that were found in a claim's texts",
      answers: { ...answered(200, "Newest first", Guardrails), ...claimRefusals },
      async answer({ params }) {
        const { id } = await claimOf(params);
        const detections = await listDetections(database, id);
        return jsonAnswer(200, { claim_id: id, detections, total: detections.length });
      },
    }),
  ];
}

function runOperation({ database, settings }: ClaimsContext): Operation {
  return defineOperation({
    method: "GET",
    path: `${settings.prefix}/claims/:claimId/runs/:runId`,
    tag: "Runs",
    summary: "Get a run with its steps and its decision",
    params: { ...claimParams, runId: idParam("The run's id.") },
    answers: {
      ...answered(200, "The run", Run),
      ...claimRefusals,
      ...refused(404, "Run not found"),
    },
    async answer({ params }) {
      const claimId = readId(params.claimId, "claim_id");
      const runId = readId(params.runId, "run_id");
      const { id } = await getClaim(database, claimId);
      const { queries, run } = database;
      const [row, steps, decision] = await Promise.all([
        getRun(database, id, runId),
        listSteps(database, id, runId),
        run(() => findDecision(queries, id, runId)),
      ]);
      return jsonAnswer(200, {
        ...printRun(row),
        note: row.note,
        steps: steps.map(printStep),
        decision: decision ? printDecision(decision) : null,
      });
    },
  });
}

function eventsOperation(context: ClaimsContext): Operation {
  const openStream = createEventStreams(context);
  return defineOperation({
    method: "GET",
    path: `${context.settings.prefix}/claims/:claimId/events`,
    tag: "Runs",
    summary: "Follow what happens to a claim",
    description: eventDescription,
    params: claimParams,
    query: EventsQuery,
    produces: "text/event-stream",
    answers: {
      200: { description: "The stream" },
      204: { description: "The run has ended and the client has all of its events" },
      ...claimRefusals,
      ...refused(429, "Cannot open an event stream: 500 are open"),
    },
    async answer({ request, params, query }) {
      const { id } = await getClaim(context.database, readId(params.claimId, "claim_id"));
      const given = request.headers.get("last-event-id") ?? query.last_event_id ?? "";
      const after = readEventId(given);
      const isHeadOnly = request.method === "HEAD";
      const { signal } = request;
      return openStream({ claimId: id, runId: query.run_id, after, isHeadOnly, signal });
    },
  });
}
