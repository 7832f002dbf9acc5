import { LineFramer } from "./frame.ts";
import type { WireLog } from "./log.ts";
import type { Mux } from "./mux.ts";
import { StdioClient } from "./stdio-client.ts";

/**
 * How long the calls in flight may take after stdin has ended, in milliseconds: hosts kill a server
 * that has not ended soon after.
 */
export const drainLimitMs = 800;
/** How often the parent is looked for, in milliseconds. */
const parentEveryMs = 1_000;

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
  const gone = Promise.withResolvers<string>();
  const stdout = options.output === undefined ? openStdout(gone.resolve) : undefined;
  const write = options.output ?? stdout?.write ?? (() => undefined);
  const client = new StdioClient({ mux: options.mux, write, log: options.log });
  const reader = (options.input ?? Bun.stdin.stream()).getReader();
  let endReason = "stdin has ended";
  const guard = guardParent(gone.resolve);
  // A host that died, or that reads no more, may leave stdin open in other hands.
  void gone.promise.then((reason) => {
    endReason = reason;
    return reader.cancel();
  });
  const ended = readAll(reader, client).then(async () => {
    clearInterval(guard);
    await client.drain(options.drainLimitMs ?? drainLimitMs);
    stdout?.flush();
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

/** Calls back when the process that started this one is gone: it is then some other process's child. */
function guardParent(onGone: (reason: string) => void): Timer {
  const parent = process.ppid;
  const guard = setInterval(() => {
    if (process.ppid !== parent) onGone("its parent has ended");
  }, parentEveryMs);
  guard.unref();
  return guard;
}

function openStdout(onGone: (reason: string) => void): {
  write: (line: string) => void;
  flush: () => void;
} {
  const writer = Bun.stdout.writer();
  let waiting = "";
  // A failed write means that nobody reads any more (EPIPE): there is nobody left to serve.
  const fail = (): void => onGone("nobody reads its stdout");
  const flush = (): void => {
    const text = waiting;
    waiting = "";
    try {
      writer.write(text);
      Promise.resolve(writer.flush()).catch(fail);
    } catch {
      fail();
    }
  };
  const write = (line: string): void => {
    // Answers that are ready together leave in one write. They are gathered here and not in the writer, which makes a
    // system call for each line that it gathers.
    if (waiting === "") setImmediate(flush);
    waiting += line;
  };
  return { write, flush };
}
