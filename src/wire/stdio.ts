import type { Caller } from "./channel.ts";
import { readDropped } from "./dropped-line.ts";
import { LineFramer } from "./frame.ts";
import type { WireLog } from "./log.ts";
import type { Mux } from "./mux.ts";
import { StdioClient } from "./stdio-client.ts";

/**
 * How long the calls in flight may take after stdin has ended, in milliseconds: hosts kill a server
 * that has not ended soon after.
 */
export const drainLimitMs = 800;
/** With more written than is read, in bytes, no more requests are read. */
export const unreadOutputBytes: number = 1024 * 1024;
/**
 * The most that waits for a client that does not read, in bytes: answers to what it had sent before, and what a server says by
 * itself. Then it counts as gone.
 */
export const unreadOutputLimitBytes: number = 64 * 1024 * 1024;
/** How often the parent is looked for, in milliseconds. */
const parentEveryMs = 1_000;

export interface StdioOptions {
  mux: Mux;
  /** Defaults to the process's stdin. */
  input?: ReadableStream<Uint8Array>;
  /** Writes one line, newline included. Defaults to the process's stdout. */
  output?: (line: string) => void;
  log?: WireLog;
  /** Who the client is, and what it may see and do. */
  caller?: Caller | undefined;
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
  const stdout = options.output === undefined ? new Stdout(gone.resolve) : undefined;
  const write = options.output ?? ((line: string) => stdout?.write(line));
  const client = new StdioClient({ ...options, write });
  const reader = (options.input ?? Bun.stdin.stream()).getReader();
  let endReason = "stdin has ended";
  const guard = guardParent(gone.resolve);
  // A host that died, or that reads no more, may leave stdin open in other hands.
  void gone.promise.then((reason) => {
    endReason = reason;
    return reader.cancel();
  });
  const ended = readAll(reader, client, stdout).then(async () => {
    clearInterval(guard);
    await client.drain(options.drainLimitMs ?? drainLimitMs);
    await stdout?.finish(options.drainLimitMs ?? drainLimitMs);
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
  stdout: Stdout | undefined,
): Promise<void> {
  const framer = new LineFramer({
    onLine: (bytes) => client.receive(bytes),
    // Not before its end, where the id may stand.
    onDropped: (head, tail, limitBytes) =>
      client.refuseDropped(readDropped(head, tail), limitBytes),
  });
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    framer.push(value);
    await stdout?.untilRead();
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

/** The process's stdout: what the pipe cannot take waits, bounded. */
class Stdout {
  readonly #writer = Bun.stdout.writer();
  readonly #onGone: (reason: string) => void;
  #waiting = "";
  #waitingBytes = 0;
  #isPlanned = false;
  /** Settles when the pipe has taken what it was given; undefined when it has. */
  #blocked: Promise<void> | undefined;

  constructor(onGone: (reason: string) => void) {
    this.#onGone = onGone;
  }

  write(line: string): void {
    // Answers that are ready together leave in one write. They are gathered here and not in the writer, which makes a
    // system call for each line that it gathers.
    this.#waiting += line;
    this.#waitingBytes += line.length;
    if (this.#waitingBytes > unreadOutputLimitBytes) {
      this.#drop(`its stdout is not read: ${unreadOutputLimitBytes} bytes wait`);
    }
    if (this.#isPlanned || this.#blocked !== undefined) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      this.flush();
    });
  }

  /** Writes what waits, unless the pipe is full: then it follows by itself. */
  flush(): void {
    if (this.#blocked !== undefined || this.#waiting === "") return;
    const text = this.#waiting;
    this.#waiting = "";
    this.#waitingBytes = 0;
    try {
      const written = this.#writer.write(text);
      const flushed = written instanceof Promise ? written : this.#writer.flush();
      if (flushed instanceof Promise) this.#wait(flushed);
    } catch {
      this.#fail();
    }
  }

  /** Writes all that waits; settles when it is taken, or when the time is up. */
  async finish(limitMs: number): Promise<void> {
    this.flush();
    const late = Promise.withResolvers<"late">();
    // A timer that is left would keep a process without anything else to do from ending.
    const limit = setTimeout(() => late.resolve("late"), limitMs);
    while (this.#blocked !== undefined) {
      if ((await Promise.race([this.#blocked, late.promise])) === "late") break;
    }
    clearTimeout(limit);
  }

  /** Settles when the client has caught up enough to be asked for more. */
  async untilRead(): Promise<void> {
    while (this.#blocked !== undefined && this.#waitingBytes > unreadOutputBytes) {
      await this.#blocked;
    }
  }

  #wait(flushed: Promise<unknown>): void {
    const isTaken = () => {
      this.#blocked = undefined;
      this.flush();
    };
    this.#blocked = flushed.then(isTaken, () => {
      this.#blocked = undefined;
      this.#fail();
    });
  }

  #fail(): void {
    // A failed write means that nobody reads any more (EPIPE): there is nobody left to serve.
    this.#drop("nobody reads its stdout");
  }

  #drop(reason: string): void {
    this.#waiting = "";
    this.#waitingBytes = 0;
    this.#onGone(reason);
  }
}
