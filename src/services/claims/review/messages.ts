import { and, desc, eq } from "drizzle-orm";
import { reviewMessages } from "../../../../db/claims/tables/review.ts";
import type { Database, Queries } from "../../../../db/database.ts";
import { announce } from "../runs/bus.ts";
import type { Reviewer } from "./review-schema.ts";

export type MessageRow = typeof reviewMessages.$inferSelect;

/** The most messages of one answer: the newest ones. */
const messageLimitCount = 1_000;

/** Something that was said or done in a claim's review. */
export interface NewMessage {
  type: string;
  reviewer: Reviewer;
  message: string;
  answer?: string;
}

/** Part of a transaction: keeps the message and lets every replica show it when the transaction commits. */
export async function addMessage(
  queries: Queries,
  claimId: string,
  { type, reviewer, message, answer }: NewMessage,
): Promise<MessageRow> {
  const [row] = await queries
    .insert(reviewMessages)
    .values({
      claimId,
      type,
      reviewerId: reviewer.reviewer_id,
      reviewerName: reviewer.reviewer_name,
      message,
      answer: answer ?? null,
    })
    .returning();
  if (!row) throw new Error("an insert returned no row");
  await announce(queries, { kind: "review", claimId, messageId: row.id });
  return row;
}

/** The messages of a claim, oldest first. */
export async function listMessages(
  { queries, run }: Database,
  claimId: string,
): Promise<MessageRow[]> {
  const rows = await run(() =>
    queries
      .select()
      .from(reviewMessages)
      .where(eq(reviewMessages.claimId, claimId))
      .orderBy(desc(reviewMessages.createdAt), desc(reviewMessages.id))
      .limit(messageLimitCount),
  );
  return rows.reverse();
}

export async function findMessage(
  { queries, run }: Database,
  claimId: string,
  messageId: string,
): Promise<MessageRow | undefined> {
  const [row] = await run(() =>
    queries
      .select()
      .from(reviewMessages)
      .where(and(eq(reviewMessages.claimId, claimId), eq(reviewMessages.id, messageId))),
  );
  return row;
}

export function printMessage(row: MessageRow) {
  return {
    type: row.type,
    timestamp: row.createdAt,
    reviewer_id: row.reviewerId,
    reviewer_name: row.reviewerName,
    message: row.message,
    ...(row.answer !== null && { answer: row.answer }),
  };
}
