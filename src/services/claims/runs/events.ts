import { and, asc, eq, gt, gte, type SQL, sql } from "drizzle-orm";
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

/** Something that happened; `number` counts the events of a claim's stream from 1 without gaps. */
export interface ClaimEvent extends Position {
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

/** A place in a claim's stream: behind this event. A stream that begins anew, as after a reset, has another epoch. */
export interface Position {
  epoch: string;
  number: number;
}

/** A part of a claim's events. */
export interface EventPage {
  /** What was asked for is of a stream that is gone: these events are of another one, from its beginning. */
  isRestarted: boolean;
  events: ClaimEvent[];
  /** Behind the last of them; undefined while the claim has no stream. */
  position: Position | undefined;
}

/** The events of a claim after a place, or from the beginning, oldest first, of one run if it is named. */
export async function listEvents(
  { queries, run }: Database,
  request: { claimId: string; after: Position | undefined; runId?: string | undefined },
): Promise<EventPage> {
  const { claimId, after, runId } = request;
  // One statement, so that epoch and events are of one moment: a reset between two would mix streams.
  const rows = await run(() =>
    queries
      .select({ stream: claimStreams, event: claimEvents })
      .from(claimStreams)
      .leftJoin(
        claimEvents,
        and(
          eq(claimEvents.claimId, claimStreams.claimId),
          gt(claimEvents.number, after ? numberIn(after) : 0),
          runId === undefined ? undefined : eq(claimEvents.runId, runId),
        ),
      )
      .where(eq(claimStreams.claimId, claimId))
      .orderBy(asc(claimEvents.number))
      .limit(pageCount),
  );
  const [first] = rows;
  if (first === undefined) {
    return { isRestarted: after !== undefined, events: [], position: undefined };
  }
  const { epoch, lastNumber } = first.stream;
  const isRestarted = after !== undefined && !(after.epoch === epoch && after.number <= lastNumber);
  const events = rows.flatMap(({ event }) => (event ? [eventOf(epoch, event)] : []));
  const number = events.at(-1)?.number ?? (isRestarted ? 0 : (after?.number ?? 0));
  return { isRestarted, events, position: { epoch, number } };
}

/** The number of a place in the stream that is there now: 0 for a place in another one. */
function numberIn({ epoch, number }: Position): SQL {
  const isThere = and(eq(claimStreams.epoch, epoch), gte(claimStreams.lastNumber, number));
  return sql`case when ${isThere} then ${number}::int else 0 end`;
}

/** Both the type and the data were written by appendEvent. */
function eventOf(epoch: string, row: typeof claimEvents.$inferSelect): ClaimEvent {
  const { number, runId, type, data } = row;
  return {
    epoch,
    number,
    runId,
    type: type as EventType,
    data: data as Record<string, unknown>,
  };
}

/** The place behind a claim's newest event; undefined when it has none. */
export async function endOfEvents(
  { queries, run }: Database,
  claimId: string,
): Promise<Position | undefined> {
  const [row] = await run(() =>
    queries.select().from(claimStreams).where(eq(claimStreams.claimId, claimId)),
  );
  return row && { epoch: row.epoch, number: row.lastNumber };
}
