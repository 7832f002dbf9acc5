import { Refusal, send } from "./api.ts";

/** One server-sent event. */
export interface StreamEvent {
  id: string;
  type: string;
  data: string;
}

/** How long the first wait before another attempt is, and the longest, in milliseconds. */
const firstWaitMs = 500;
const longestWaitMs = 10_000;
/** How long a stream may be open; the platform's own limit for requests does not fit. */
const streamLimitMs = 24 * 60 * 60 * 1_000;

/**
 * Follows a stream of events until `signal` ends it, coming back with the last id after every interruption. Read with
 * fetch, because an EventSource cannot carry the reader's token. Events come in bundles, as they arrived.
 */
export async function follow(
  pathAfter: (lastId: string) => string,
  {
    signal,
    onEvents,
    onState,
  }: {
    signal: AbortSignal;
    onEvents(events: StreamEvent[]): void;
    onState(isLive: boolean): void;
  },
): Promise<void> {
  let lastId = "";
  let waitMs = firstWaitMs;
  while (!signal.aborted) {
    try {
      const response = await send(pathAfter(lastId), { signal, limitMs: streamLimitMs });
      if (response.status === 204) return;
      onState(true);
      for await (const events of read(response)) {
        waitMs = firstWaitMs;
        lastId = events.findLast(({ id }) => id !== "")?.id ?? lastId;
        onEvents(events);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refusal && error.status >= 400 && error.status < 429) throw error;
    }
    onState(false);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

/** The events of an answer, as many at once as came at once. */
export async function* read(response: Response): AsyncGenerator<StreamEvent[]> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (reader) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const frames = text.split("\n\n");
    text = frames.pop() ?? "";
    const events = frames.map(parse).filter((event) => event !== undefined);
    if (events.length > 0) yield events;
  }
}

function parse(frame: string): StreamEvent | undefined {
  const event = { id: "", type: "message", data: "" };
  for (const line of frame.split("\n")) {
    const [, name = "", value = ""] = /^(id|event|data): ?(.*)$/.exec(line) ?? [];
    if (name === "id") event.id = value;
    else if (name === "event") event.type = value;
    else if (name === "data") event.data += (event.data && "\n") + value;
  }
  return event.data === "" ? undefined : event;
}
