import { asc, eq, lt, sql } from "drizzle-orm";
import { reviewPresence } from "../../../../db/claims/tables/review.ts";
import { describeFailure } from "../../failure-log.ts";
import type { ClaimsContext } from "../context.ts";
import { announce } from "../runs/bus.ts";
import type { Reviewer } from "./review-schema.ts";

/** How often a replica says that its reviewers are still there, in milliseconds. */
const seenMs = 15_000;
/** After how long of silence the reviewers of a replica have left, in seconds. */
const absentSeconds = 60;
/** The most presences of one answer. */
const presenceLimitCount = 5_000;

const recent = sql`${reviewPresence.seenAt} > now() - make_interval(secs => ${absentSeconds})`;

/** One reviewer's connection to a claim's room. */
export interface Presence {
  connectionId: string;
  claimId: string;
  reviewer: Reviewer;
}

/** Notes that a reviewer has come, and tells the room on all replicas. */
export function enterRoom(context: ClaimsContext, presence: Presence): Promise<void> {
  const { connectionId, claimId, reviewer } = presence;
  return context.database.transaction(async (queries) => {
    await queries.insert(reviewPresence).values({
      connectionId,
      replica: context.replica,
      claimId,
      reviewerId: reviewer.reviewer_id,
      reviewerName: reviewer.reviewer_name,
    });
    await announce(queries, announcementOf("reviewer_joined", claimId, reviewer));
  });
}

/** Notes that a reviewer has gone, and tells the room on all replicas. */
export function leaveRoom(
  { database }: ClaimsContext,
  { connectionId, claimId, reviewer }: Presence,
): Promise<void> {
  return database.transaction(async (queries) => {
    await queries.delete(reviewPresence).where(eq(reviewPresence.connectionId, connectionId));
    await announce(queries, announcementOf("reviewer_left", claimId, reviewer));
  });
}

/** Keeps this replica's reviewers present and sees off those of replicas that are gone, until it is stopped. */
export function keepPresence(context: ClaimsContext): { stop(): void } {
  const look = () =>
    refresh(context).catch((error: unknown) => {
      context.log.warn({ failure: describeFailure(error) }, "cannot keep presences");
    });
  void look();
  const timer = setInterval(look, seenMs);
  return { stop: () => clearInterval(timer) };
}

function refresh({ database, replica }: ClaimsContext): Promise<void> {
  return database.transaction(async (queries) => {
    await queries
      .update(reviewPresence)
      .set({ seenAt: sql`now()` })
      .where(eq(reviewPresence.replica, replica));
    const gone = await queries
      .delete(reviewPresence)
      .where(lt(reviewPresence.seenAt, sql`now() - make_interval(secs => ${absentSeconds})`))
      .returning();
    for (const { claimId, reviewerId, reviewerName } of gone) {
      const reviewer = { reviewer_id: reviewerId, reviewer_name: reviewerName };
      await announce(queries, announcementOf("reviewer_left", claimId, reviewer));
    }
  });
}

/** Who is in which room, on all replicas; of one claim when it is named. */
export async function listSessions({ database }: ClaimsContext, claimId?: string) {
  const { queries, run } = database;
  const rows = await run(() =>
    queries
      .select()
      .from(reviewPresence)
      .where(
        claimId === undefined ? recent : sql`${recent} and ${eq(reviewPresence.claimId, claimId)}`,
      )
      .orderBy(asc(reviewPresence.joinedAt), asc(reviewPresence.connectionId))
      .limit(presenceLimitCount),
  );
  const byClaim = Map.groupBy(rows, (row) => row.claimId);
  return [...byClaim].map(([id, present]) => {
    // One reviewer may have several windows open; the first tells when they came, the last how they are called now.
    const latest = new Map(present.map((row) => [row.reviewerId, row.reviewerName]));
    const first = new Map(present.toReversed().map((row) => [row.reviewerId, row]));
    const reviewers = [...first.values()].reverse().map((row) => ({
      reviewer_id: row.reviewerId,
      reviewer_name: latest.get(row.reviewerId) ?? row.reviewerName,
      joined_at: row.joinedAt,
    }));
    return { claim_id: id, reviewer_count: reviewers.length, reviewers };
  });
}

function announcementOf(
  type: "reviewer_joined" | "reviewer_left",
  claimId: string,
  { reviewer_id: reviewerId, reviewer_name: reviewerName }: Reviewer,
) {
  return { kind: "presence", claimId, type, reviewerId, reviewerName } as const;
}
