import { AppError } from "../../../core/fault.ts";
import { getClaim } from "../claims.ts";
import type { ClaimsContext } from "../context.ts";
import { beginning, printEventId } from "./event-id.ts";
import { type ClaimEvent, listEvents, type Position } from "./events.ts";
import { getRun } from "./read.ts";
import { createChange } from "./wait.ts";

/** The most streams that one process has open. */
const streamLimitCount = 500;
/** How often a silent stream says that it is alive, and looks for itself, in milliseconds. */
const keepAliveMs = 10_000;

/** The part of a claim's events that a client wants. */
export interface StreamRequest {
  claimId: string;
  runId: string | undefined;
  /** Behind the last event that the client has; undefined for the beginning. */
  after: Position | undefined;
  /** For HEAD: what has no end would never be answered, because its length is waited for. */
  isHeadOnly: boolean;
  signal: AbortSignal;
}

const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
};

/** Streams the stored events of a claim and then those that happen, as server-sent events. */
export function createEventStreams(
  context: ClaimsContext,
): (request: StreamRequest) => Promise<Response> {
  let openCount = 0;
  return async (request) => {
    if (await isOver(context, request)) return new Response(null, { status: 204 });
    if (openCount >= streamLimitCount) {
      throw new AppError("too_busy", `Cannot open an event stream: ${openCount} are open`);
    }
    if (request.isHeadOnly) return new Response(null, { headers });
    openCount++;
    const frames = framesOf(context, request, () => {
      openCount--;
    });
    return new Response(streamOf(frames), { headers });
  };
}

/** A client that comes back for a run of which it has seen everything is told not to come again (204). */
async function isOver(
  { database }: ClaimsContext,
  { claimId, runId, after }: StreamRequest,
): Promise<boolean> {
  if (runId === undefined) return false;
  const run = await getRun(database, claimId, runId);
  const isEnded = run.state === "completed" || run.state === "failed";
  if (!isEnded || after === undefined) return false;
  const { isRestarted, events } = await listEvents(database, { claimId, runId, after });
  return !isRestarted && events.length === 0;
}

async function* framesOf(
  { database, bus }: ClaimsContext,
  { claimId, runId, after, signal }: StreamRequest,
  onEnd: () => void,
): AsyncGenerator<string> {
  const over = AbortSignal.any([signal, bus.closing]);
  const change = createChange();
  const unsubscribe = bus.subscribe(claimId, change.tell);
  let last = after;
  try {
    yield ": open\n\n";
    while (!over.aborted) {
      const { isRestarted, events, position } = await listEvents(database, {
        claimId,
        runId,
        after: last,
      });
      if (isRestarted) {
        yield printRestart(claimId);
        // A reset takes claims and runs with it: then there is nothing left to wait for.
        await getClaim(database, claimId);
        if (runId !== undefined) await getRun(database, claimId, runId);
      }
      last = position;
      for (const event of events) {
        yield printEvent(event);
        if (runId !== undefined && isEnd(event)) return;
      }
      if (events.length > 0) continue;
      // Also the sign that everything that is stored has been told.
      yield ": alive\n\n";
      await change.next(over, keepAliveMs);
    }
  } finally {
    unsubscribe();
    onEnd();
  }
}

function isEnd({ type }: ClaimEvent): boolean {
  return type === "run.completed" || type === "run.failed";
}

function printEvent(event: ClaimEvent): string {
  const { type, data } = event;
  return `id: ${printEventId(event)}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** What the client has is of a stream that is gone; what follows begins anew. */
function printRestart(claimId: string): string {
  const data = { claim_id: claimId, run_id: null, timestamp: new Date().toISOString() };
  return `id: ${beginning}\nevent: stream.restarted\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A failure in the middle ends the stream: the client comes back with the number of the last event that it has. */
function streamOf(frames: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await frames.next().catch(() => undefined);
      if (next === undefined || next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await frames.return(undefined);
    },
  });
}
