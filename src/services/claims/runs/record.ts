import { and, eq, sql } from "drizzle-orm";
import { claimDocuments } from "../../../../db/claims/tables/claims.ts";
import {
  guardrailsDetections,
  processingLogs,
  processingRuns,
} from "../../../../db/claims/tables/runs.ts";
import type { Database, Queries } from "../../../../db/database.ts";
import type { AgentEvent, StepOutput } from "../../../agent/port.ts";
import { appendEvent, type EventType } from "./events.ts";
import { readExtraction } from "./extraction.ts";
import { type Hold, lockHeld } from "./hold.ts";
import { progressOf } from "./progress.ts";

/** What an agent reports while it works; its end is dealt with elsewhere. */
export type Report = Exclude<AgentEvent, { type: "ended" }>;
type StepReport = Extract<Report, { stepId: string }>;
type StepEnd = Exclude<StepReport, { type: "step.started" }>;

/** The longest note that is kept of a run, in UTF-16 units. */
const noteLimit = 20_000;

/** Stores what an agent reports and publishes it, together. @throws HoldLost. */
export function recordReport(database: Database, hold: Hold, report: Report): Promise<void> {
  return database.transaction(async (queries) => {
    await lockHeld(queries, hold);
    switch (report.type) {
      case "step.started":
        return startStep(queries, hold, report);
      case "step.completed":
      case "step.failed":
        return endStep(queries, hold, report);
      case "guardrail.detected":
        return storeDetection(queries, hold, report.detection);
      case "decision.proposed": {
        const { decision, confidence, reasoning } = report;
        return publish(queries, hold, "decision.proposed", { decision, confidence, reasoning });
      }
      case "note":
        return addNote(queries, hold, report.text);
    }
  });
}

function publish(
  queries: Queries,
  { run }: Hold,
  type: EventType,
  data: Record<string, unknown>,
): Promise<void> {
  return appendEvent(queries, { claimId: run.claimId, runId: run.id, type, data });
}

const nameOf = ({ stepId, stepName, agentName }: StepReport) => ({
  step_id: stepId,
  step_name: stepName,
  agent_name: agentName,
});

async function startStep(
  queries: Queries,
  hold: Hold,
  report: Extract<Report, { type: "step.started" }>,
): Promise<void> {
  await queries.insert(processingLogs).values({
    claimId: hold.run.claimId,
    runId: hold.run.id,
    attempt: hold.attempt,
    stepKey: report.stepId,
    stepName: report.stepName,
    agentName: report.agentName,
    status: "running",
    startedAt: new Date(report.startedAt),
    inputData: report.arguments,
  });
  const data = { ...nameOf(report), arguments: report.arguments };
  await publish(queries, hold, "step.started", data);
}

async function endStep(queries: Queries, hold: Hold, report: StepEnd): Promise<void> {
  const { output, completedAt, durationMs } = report;
  const isFailed = report.type === "step.failed";
  const error = isFailed ? report.error : null;
  await queries
    .update(processingLogs)
    .set({
      status: isFailed ? "failed" : "completed",
      completedAt: new Date(completedAt),
      durationMs: Math.round(durationMs),
      outputData: output,
      errorMessage: error,
    })
    .where(
      and(
        eq(processingLogs.runId, hold.run.id),
        eq(processingLogs.attempt, hold.attempt),
        eq(processingLogs.stepKey, report.stepId),
      ),
    );
  if (!isFailed && report.stepName === "ocr_document") {
    await storeExtraction(queries, hold.run.claimId, report.output);
  }
  const progress_percentage = isFailed ? null : (progressOf[report.stepName] ?? null);
  const ended = { duration_ms: Math.round(durationMs), output, error, progress_percentage };
  const data = { ...nameOf(report), ...ended };
  await publish(queries, hold, report.type, data);
}

/** What was read from the document is the claim's from now on: the decision is made on it. */
async function storeExtraction(
  queries: Queries,
  claimId: string,
  output: StepOutput,
): Promise<void> {
  const extraction = readExtraction(output);
  if (extraction === undefined) return;
  await queries
    .update(claimDocuments)
    .set({ ...extraction, extractedAt: new Date(), updatedAt: new Date() })
    .where(eq(claimDocuments.claimId, claimId));
}

async function storeDetection(
  queries: Queries,
  hold: Hold,
  detection: Extract<Report, { type: "guardrail.detected" }>["detection"],
): Promise<void> {
  const { detectionType, severity, actionTaken, sourceStep, field, span, maskedValue } = detection;
  const metadata = { source_step: sourceStep, field, span, masked_value: maskedValue };
  await queries.insert(guardrailsDetections).values({
    claimId: hold.run.claimId,
    runId: hold.run.id,
    detectionType,
    severity,
    actionTaken,
    recordMetadata: metadata,
  });
  const data = {
    detection_type: detectionType,
    severity,
    action_taken: actionTaken,
    record_metadata: metadata,
  };
  await publish(queries, hold, "guardrail.detected", data);
}

async function addNote(queries: Queries, { run }: Hold, text: string): Promise<void> {
  await queries
    .update(processingRuns)
    .set({ note: sql`left(concat_ws(E'\n', ${processingRuns.note}, ${text}::text), ${noteLimit})` })
    .where(eq(processingRuns.id, run.id));
}
