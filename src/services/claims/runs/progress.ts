import type { Database } from "../../../../db/database.ts";
import { type ClaimRow, shownStatus } from "../claims.ts";
import { listRuns, listSteps, printStep, typicalRunMs } from "./read.ts";

/** How far a run is when a step of it has been completed, in percent; events of steps carry it, for those who follow. */
export const progressOf: Readonly<Record<string, number>> = {
  ocr_document: 25,
  retrieve_user_info: 50,
  retrieve_similar_claims: 75,
  search_knowledge_base: 75,
  make_final_decision: 100,
};

/** Where a claim stands, with the steps of its newest run. */
export async function readProgress(
  database: Database,
  claim: ClaimRow,
  isDenyShownAsFailed: boolean,
) {
  const isLive = claim.status === "processing";
  const [[newest], typicalMs] = await Promise.all([
    listRuns(database, claim.id, 1),
    isLive ? typicalRunMs(database) : undefined,
  ]);
  const steps = newest ? await listSteps(database, claim.id, newest.id) : [];
  // A run that was taken over begins again: only what its present worker has done counts.
  const present = steps.filter(({ attempt }) => attempt === newest?.attempt);
  const done = present.filter(({ status }) => status === "completed");
  const percent = Math.max(0, ...done.map(({ stepName }) => progressOf[stepName] ?? 0));
  const isBefore = claim.status === "pending" || claim.status === "pending_info";
  const current = present.findLast(({ status }) => status === "running");
  const startedAt = newest?.startedAt ?? newest?.requestedAt;
  return {
    claim_id: claim.id,
    status: shownStatus(claim, isDenyShownAsFailed),
    current_step: isLive ? (current?.stepName ?? null) : null,
    progress_percentage: isLive ? percent : isBefore ? 0 : 100,
    processing_steps: steps.map(printStep),
    estimated_completion_time:
      startedAt && typicalMs !== undefined ? new Date(startedAt.getTime() + typicalMs) : null,
  };
}
