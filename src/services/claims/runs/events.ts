import { and, asc, eq, gt, sql } from "drizzle-orm";
import { claimEvents, claimStreams } from "../../../../db/claims/tables/runs.ts";
import type { Database, Queries } from "../../../../db/database.ts";
import { announce } from "./bus.ts";

/** What can happen to a claim, in the words of the event stream. */
export const eventTypes = [
  "run.started",
  "step.started",
  "step.completed",
  "step.failed",
  "guardrail.detected",
  "decision.proposed",
  "decision.recorded",
  "status.changed",
  "run.completed",
  "run.failed",
] as const;
export type EventType = (typeof eventTypes)[number];

/** Something that happened; `number` counts the events of a claim from 1 without gaps. */
export interface ClaimEvent {
  number: number;
  runId: string | null;
  type: EventType;
  data: Record<string, unknown>;
}

/** The most events that are read at once. */
const pageCount = 200;

/**
 * Part of a transaction: adds an event to a claim's stream. The row of the stream's counter is locked until the commit,
 * so that numbers become visible in their order and a reader never passes one by.
 */
export async function appendEvent(
  queries: Queries,
  event: { claimId: string; runId: string | null; type: EventType; data: Record<string, unknown> },
): Promise<void> {
  const { claimId, runId, type } = event;
  const data = JSON.stringify({
    claim_id: claimId,
    run_id: runId,
    timestamp: new Date().toISOString(),
    ...event.data,
  });
  await queries.execute(sql`
    with numbered as (
      insert into ${claimStreams} as stream (claim_id, last_number) values (${claimId}, 1)
      on conflict (claim_id) do update set last_number = stream.last_number + 1
      returning last_number
    )
    insert into ${claimEvents} (claim_id, number, run_id, type, data)
    select ${claimId}, last_number, ${runId}, ${type}, ${data}::text::jsonb from numbered`);
  await announce(queries, { kind: "events", claimId });
}

/** The events of a claim after a number, oldest first, of one run if it is named. */
export async function listEvents(
  { queries, run }: Database,
  request: { claimId: string; after: number; runId?: string | undefined },
): Promise<ClaimEvent[]> {
  const { claimId, after, runId } = request;
  const rows = await run(() =>
    queries
      .select()
      .from(claimEvents)
      .where(
        and(
          eq(claimEvents.claimId, claimId),
          gt(claimEvents.number, after),
          runId === undefined ? undefined : eq(claimEvents.runId, runId),
        ),
      )
      .orderBy(asc(claimEvents.number))
      .limit(pageCount),
  );
  // Both were written by appendEvent.
  return rows.map(({ number, runId: ofRun, type, data }) => ({
    number,
    runId: ofRun,
    type: type as EventType,
    data: data as Record<string, unknown>,
  }));
}

/** The number of a claim's newest event; 0 when it has none. */
export async function lastEventNumber(
  { queries, run }: Database,
  claimId: string,
): Promise<number> {
  const [row] = await run(() =>
    queries
      .select({ number: claimStreams.lastNumber })
      .from(claimStreams)
      .where(eq(claimStreams.claimId, claimId)),
  );
  return row?.number ?? 0;
}

/** A number that the claim has not reached is of a stream that is gone, such as before a reset: then all is told again. */
export async function knownNumber(
  database: Database,
  claimId: string,
  after: number,
): Promise<number> {
  return after > 0 && after <= (await lastEventNumber(database, claimId)) ? after : 0;
}
