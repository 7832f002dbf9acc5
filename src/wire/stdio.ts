import type { Client, Outlet } from "./client.ts";
import { LineFramer } from "./frame.ts";
import { silentLog, type WireLog } from "./log.ts";
import { type ErrorResponse, errorOf, isRequest, type Message, rpcCode } from "./message.ts";
import type { Mux } from "./mux.ts";
import { parseBytes } from "./parse.ts";

/** How long the calls in flight may take after stdin has ended, in milliseconds. */
export const drainLimitMs = 5_000;

export interface StdioOptions {
  mux: Mux;
  /** Defaults to the process's stdin. */
  input?: ReadableStream<Uint8Array>;
  /** Writes one line, newline included. Defaults to the process's stdout. */
  output?: (line: string) => void;
  log?: WireLog;
  /** For tests: how long calls in flight may take at the end. */
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
  const line = new StdioLine(options);
  const reader = (options.input ?? Bun.stdin.stream()).getReader();
  let endReason = "stdin has ended";
  const ended = readAll(reader, line).then(async () => {
    await line.drain(options.drainLimitMs ?? drainLimitMs);
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
  line: StdioLine,
): Promise<void> {
  const framer = new LineFramer({
    onLine: (bytes) => line.receive(bytes),
    onTooLong: (limitBytes) => line.refuse(`it is longer than ${limitBytes} bytes`),
  });
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    framer.push(value);
  }
  framer.end();
}

/** The client at the other end of stdin and stdout. */
class StdioLine {
  readonly #mux: Mux;
  readonly #client: Client;
  readonly #write: (line: string) => void;
  readonly #log: WireLog;
  #openCount = 0;
  #onIdle: (() => void) | undefined;

  constructor(options: StdioOptions) {
    this.#mux = options.mux;
    this.#write = options.output ?? openStdout();
    this.#log = options.log ?? silentLog;
    this.#client = options.mux.connect(this.#outlet());
  }

  receive(bytes: Uint8Array): void {
    const parsed = parseBytes(bytes);
    if (parsed.kind === "message") this.#take(parsed.message);
    else if (parsed.kind === "invalid") this.#send(parsed.answer);
    else this.#takeBatch(parsed.entries);
  }

  refuse(state: string): void {
    this.#send(errorOf(null, rpcCode.parseError, `Cannot read the message: ${state}`));
  }

  /** Settles when every call is answered or the time is up. */
  async drain(limitMs: number): Promise<void> {
    if (this.#openCount > 0) {
      const idle = new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
      const timeout = setTimeout(() => this.#onIdle?.(), limitMs);
      await idle;
      clearTimeout(timeout);
    }
    if (this.#openCount > 0) this.#log.warn({ calls: this.#openCount }, "calls were cut off");
    this.#mux.disconnect(this.#client);
  }

  #take(message: Message): void {
    if (isRequest(message)) this.#openCount++;
    this.#mux.receive(this.#client, message);
  }

  /** Only 2025-03-26 knows batches; before initialize nobody has said which revision is spoken. */
  #takeBatch(entries: (Message | ErrorResponse)[]): void {
    const version = this.#client.protocolVersion;
    if (version !== undefined && version !== "2025-03-26") {
      this.refuse(`it is a batch, and ${version} has none`);
      return;
    }
    const answers: Message[] = entries.filter(isRefused);
    const messages = entries.filter((entry) => !isRefused(entry));
    let waiting = messages.filter(isRequest).length;
    const finish = (): void => {
      if (waiting === 0 && answers.length > 0) this.#write(`${JSON.stringify(answers)}\n`);
    };
    const outlet: Outlet = {
      deliver: (message) => this.#send(message),
      answer: (response) => {
        answers.push(response);
        waiting--;
        finish();
        this.#settle();
      },
      dismiss: () => {
        waiting--;
        finish();
        this.#settle();
      },
    };
    if (waiting === 0) finish();
    this.#openCount += waiting;
    for (const message of messages) this.#mux.receive(this.#client, message, outlet);
  }

  #outlet(): Outlet {
    return {
      deliver: (message) => this.#send(message),
      answer: (response) => {
        this.#send(response);
        this.#settle();
      },
      dismiss: () => this.#settle(),
    };
  }

  #settle(): void {
    this.#openCount--;
    if (this.#openCount === 0) this.#onIdle?.();
  }

  #send(message: Message): void {
    this.#write(`${JSON.stringify(message)}\n`);
  }
}

/** An entry of a batch that could not be read carries its own answer: an error with or without id. */
function isRefused(entry: Message): boolean {
  return "error" in entry && entry.error.code === rpcCode.invalidRequest;
}

function openStdout(): (line: string) => void {
  const writer = Bun.stdout.writer();
  let isFlushing = false;
  return (line) => {
    writer.write(line);
    if (isFlushing) return;
    isFlushing = true;
    // Answers that are ready together leave in one write.
    queueMicrotask(() => {
      isFlushing = false;
      void writer.flush();
    });
  };
}
