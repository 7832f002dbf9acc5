import { eq, sql } from "drizzle-orm";
import * as z from "zod";
import { claims } from "../../../../db/claims/tables/claims.ts";
import { claimDecisions } from "../../../../db/claims/tables/runs.ts";
import type { Database, Queries } from "../../../../db/database.ts";
import { AppError } from "../../../core/fault.ts";
import { writeAudit } from "../audit.ts";
import { type ClaimRow, lockClaim } from "../claims.ts";
import { invalidInput } from "../failure.ts";
import { appendEvent } from "../runs/events.ts";
import { findDecision } from "../runs/read.ts";
import type { Outcome, Status } from "../words.ts";
import { addMessage } from "./messages.ts";
import type { Action, ActionRequest } from "./review-schema.ts";

/** In which states an action may be taken, and what becomes of the claim; a comment changes nothing. */
const rules: Readonly<
  Record<
    Exclude<Action, "comment">,
    { from: readonly Status[]; status: Status; outcome: Outcome | null }
  >
> = {
  approve: { from: ["manual_review", "pending_info"], status: "completed", outcome: "approve" },
  reject: { from: ["manual_review", "pending_info"], status: "completed", outcome: "deny" },
  request_info: { from: ["manual_review"], status: "pending_info", outcome: null },
  provide_info: { from: ["pending_info"], status: "pending", outcome: null },
};

/**
 * Takes a reviewer's action: the claim, its decision, the message, the log and the event change together.
 * @throws AppError `not_found`, `conflict` for a wrong status or version, `invalid_input` for an approval against a rule
 * that denies without a word why.
 */
export function takeAction(
  database: Database,
  claimId: string,
  request: ActionRequest,
): Promise<ClaimRow> {
  return database.transaction(async (queries) => {
    const claim = await lockClaim(queries, claimId);
    requireVersion(claim, request);
    const { action } = request;
    const change = action === "comment" ? undefined : rules[action];
    if (change && !change.from.some((status) => status === claim.status)) {
      throw new AppError("conflict", `Cannot ${action}: the claim's status is ${claim.status}`);
    }
    if (action === "approve") await requireReason(queries, claim, request);
    const changed = await changeClaim(queries, claim, request);
    if (change?.outcome) await decideFinally(queries, claimId, request, change.outcome);
    await addMessage(queries, claimId, {
      type: action,
      reviewer: request,
      message: request.comment,
    });
    const actor = request.reviewer_id;
    const detail = { comment: request.comment, previous_status: claim.status };
    await writeAudit(queries, { action: `review_${action}`, claimId, detail, actor });
    if (change) {
      const { status, outcome } = change;
      const data = { status, outcome, previous_status: claim.status, action };
      await appendEvent(queries, { claimId, runId: null, type: "status.changed", data });
    }
    return changed;
  });
}

function requireVersion({ version }: ClaimRow, { expected_version }: ActionRequest): void {
  if (expected_version === undefined || expected_version === version) return;
  throw new AppError(
    "conflict",
    `The claim has changed: its version is ${version}, not ${expected_version}`,
  );
}

const Hits = z.array(z.looseObject({ code: z.string(), kind: z.string() }));

/** Whoever approves what a rule denies says why. */
async function requireReason(
  queries: Queries,
  claim: ClaimRow,
  { comment }: ActionRequest,
): Promise<void> {
  if (comment.trim() !== "") return;
  const decision = await findDecision(queries, claim.id);
  const hits = Hits.safeParse(decision?.ruleHits).data ?? [];
  const against = hits.filter(({ kind }) => kind === "deny").map(({ code }) => code);
  if (against.length === 0) return;
  const problem = `an approval against ${against.join(", ")} needs a comment`;
  throw invalidInput(["body", "comment"], problem, "comment_required");
}

async function changeClaim(
  queries: Queries,
  claim: ClaimRow,
  request: ActionRequest,
): Promise<ClaimRow> {
  const change = request.action === "comment" ? undefined : rules[request.action];
  const entry = {
    timestamp: new Date().toISOString(),
    reviewer_id: request.reviewer_id,
    reviewer_name: request.reviewer_name,
    type: request.action,
    message: request.comment,
  };
  const logs = sql`coalesce(${claims.agentLogs}, '[]'::jsonb) || ${JSON.stringify([entry])}::text::jsonb`;
  const [changed] = await queries
    .update(claims)
    .set({
      agentLogs: logs,
      version: sql`${claims.version} + 1`,
      ...(change && { status: change.status, outcome: change.outcome }),
      ...(change?.outcome && { processedAt: new Date() }),
    })
    .where(eq(claims.id, claim.id))
    .returning();
  if (!changed) throw new Error("a locked claim is gone");
  return changed;
}

async function decideFinally(
  queries: Queries,
  claimId: string,
  request: ActionRequest,
  outcome: Outcome,
): Promise<void> {
  const decision = await findDecision(queries, claimId);
  if (!decision) return;
  await queries
    .update(claimDecisions)
    .set({
      finalDecision: outcome,
      finalDecisionBy: request.reviewer_id,
      finalDecisionByName: request.reviewer_name,
      finalDecisionAt: new Date(),
      finalDecisionNotes: request.comment,
    })
    .where(eq(claimDecisions.id, decision.id));
}
