import { LineFramer } from "./frame.ts";
import type { WireLog } from "./log.ts";
import type { Mux } from "./mux.ts";
import { StdioClient } from "./stdio-client.ts";

/** How long the calls in flight may take after stdin has ended, in milliseconds. */
export const drainLimitMs = 5_000;

export interface StdioOptions {
  mux: Mux;
  /** Defaults to the process's stdin. */
  input?: ReadableStream<Uint8Array>;
  /** Writes one line, newline included. Defaults to the process's stdout. */
  output?: (line: string) => void;
  log?: WireLog;
  /** How long the calls in flight may take at the end. */
  drainLimitMs?: number;
}

export interface StdioServer {
  /** Settles when stdin has ended and the calls in flight are answered, or when it was stopped. */
  ended: Promise<string>;
  /** Reads no more, answers the calls in flight within their bound, then ends. */
  stop(): Promise<void>;
}

/** Serves one client on stdin and stdout. Only JSON-RPC is written. */
export function serveStdio(options: StdioOptions): StdioServer {
  const stdout = options.output === undefined ? openStdout() : undefined;
  const write = options.output ?? stdout?.write ?? (() => undefined);
  const client = new StdioClient({ mux: options.mux, write, log: options.log });
  const reader = (options.input ?? Bun.stdin.stream()).getReader();
  let endReason = "stdin has ended";
  const ended = readAll(reader, client).then(async () => {
    await client.drain(options.drainLimitMs ?? drainLimitMs);
    await stdout?.flush();
    return endReason;
  });
  return {
    ended,
    async stop() {
      endReason = "it was stopped";
      await reader.cancel();
      await ended;
    },
  };
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  client: StdioClient,
): Promise<void> {
  const framer = new LineFramer({
    onLine: (bytes) => client.receive(bytes),
    onTooLong: (limitBytes) => client.refuse(`it is longer than ${limitBytes} bytes`),
  });
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    framer.push(value);
  }
  framer.end();
}

function openStdout(): { write: (line: string) => void; flush: () => Promise<void> } {
  const writer = Bun.stdout.writer();
  let isFlushing = false;
  const flush = async (): Promise<void> => {
    isFlushing = false;
    // A reader that is gone has closed stdin too, which ends the client; there is nobody else to
    // tell.
    await Promise.resolve(writer.flush()).catch(() => undefined);
  };
  const write = (line: string): void => {
    writer.write(line);
    if (isFlushing) return;
    isFlushing = true;
    // Answers that are ready together leave in one write.
    queueMicrotask(() => void flush());
  };
  return { write, flush };
}
