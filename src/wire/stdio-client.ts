import type { Caller } from "./channel.ts";
import type { Client, Outlet } from "./client.ts";
import type { DroppedMessage } from "./dropped-line.ts";
import { silentLog, type WireLog } from "./log.ts";
import {
  type ErrorResponse,
  errorOf,
  isRequest,
  type Message,
  type Request,
  type RequestId,
  rpcCode,
} from "./message.ts";
import { type ModernCall, ModernEra } from "./modern.ts";
import { claimsVersion } from "./modern-meta.ts";
import type { Mux } from "./mux.ts";
import { parseBytes } from "./parse.ts";

export interface StdioClientOptions {
  mux: Mux;
  /** Writes one line, newline included. */
  write: (line: string) => void;
  log?: WireLog | undefined;
  /** Who it is, and what it may see and do. */
  caller?: Caller | undefined;
}

/**
 * The client at the other end of a pair of pipes, in either era: each request says which one it
 * speaks.
 */
export class StdioClient {
  readonly #mux: Mux;
  readonly #write: (line: string) => void;
  readonly #log: WireLog;
  readonly #client: Client;
  readonly #caller: Caller | undefined;
  readonly #era: ModernEra;
  /** Modern requests by the client's own ids, for their cancellation. */
  readonly #modernCalls = new Map<RequestId, ModernCall>();
  #openCount = 0;
  #onIdle: (() => void) | undefined;

  constructor({ mux, write, log, caller }: StdioClientOptions) {
    this.#caller = caller;
    this.#mux = mux;
    this.#write = write;
    this.#log = log ?? silentLog;
    this.#era = new ModernEra(mux);
    this.#client = mux.connect({
      deliver: (message) => this.#send(message),
      answer: (response) => {
        this.#send(response);
        this.#close();
      },
      dismiss: () => this.#close(),
    });
  }

  receive(bytes: Uint8Array): void {
    const parsed = parseBytes(bytes);
    if (parsed.kind === "message") this.#take(parsed.message);
    else if (parsed.kind === "invalid") this.#send(parsed.answer);
    else this.#takeBatch(parsed.messages, parsed.refused);
  }

  /** Answers a message that was longer than the bound, under its id where its ends have shown that. */
  refuseDropped({ id, isCall }: DroppedMessage, limitBytes: number): void {
    const state = `it is longer than ${limitBytes} bytes`;
    // An answer's id is one that the server gave out: under it the client would hear of a request of its own.
    if (id !== undefined && isCall) this.#refuse(id, rpcCode.invalidRequest, state);
    else this.#refuse(null, rpcCode.parseError, state);
  }

  #refuse(id: RequestId | null, code: number, state: string): void {
    this.#send(errorOf(id, code, `Cannot read the message: ${state}`));
  }

  /** Settles when every call is answered or the time is up; then the client is gone. */
  async drain(limitMs: number): Promise<void> {
    // Subscriptions and calls that wait for input would wait for a client that has left.
    this.#era.close();
    if (this.#openCount > 0) {
      const idle = new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
      const timeout = setTimeout(() => this.#onIdle?.(), limitMs);
      await idle;
      clearTimeout(timeout);
    }
    if (this.#openCount > 0) {
      this.#log.warn({ calls: this.#openCount }, "calls were cut off");
      this.#mux.failAll("the server is stopping");
    }
    this.#mux.disconnect(this.#client);
  }

  #take(message: Message): void {
    if (!isRequest(message)) {
      if (!this.#cancelModern(message)) this.#receive(message);
    } else if (claimsVersion(message) || message.method === "server/discover") {
      this.#takeModern(message);
    } else {
      this.#openCount++;
      this.#receive(message);
    }
  }

  #takeModern(request: Request): void {
    const { id } = request;
    // A subscription is answered when it ends, so nobody may wait for it.
    const isCall = request.method !== "subscriptions/listen";
    if (isCall) this.#openCount++;
    let isAnswered = false;
    const sink = {
      notify: (message: Message) => this.#send(message),
      answer: (response: Message) => {
        isAnswered = true;
        this.#modernCalls.delete(id);
        this.#send(response);
        if (isCall) this.#close();
      },
    };
    const call = this.#era.receive(request, { sink, principal: "stdio", caller: this.#caller });
    if (isAnswered) return;
    this.#modernCalls.set(id, {
      cancel: () => {
        call.cancel();
        if (isCall) this.#close();
      },
    });
  }

  #receive(message: Message, outlet: Outlet = this.#client.outlet): void {
    this.#mux.receive(this.#client, message, outlet, this.#caller);
  }

  #cancelModern(message: Message): boolean {
    if (!("method" in message) || message.method !== "notifications/cancelled") return false;
    // An id of another type names no call.
    const id = message.params?.requestId as RequestId;
    const call = this.#modernCalls.get(id);
    this.#modernCalls.delete(id);
    call?.cancel();
    return call !== undefined;
  }

  /** Only 2025-03-26 knows batches; before initialize nobody has said which revision is spoken. */
  #takeBatch(messages: Message[], refused: ErrorResponse[]): void {
    const version = this.#client.protocolVersion;
    if (version !== undefined && version !== "2025-03-26") {
      this.#refuse(null, rpcCode.parseError, `it is a batch, and ${version} has none`);
      return;
    }
    const answers: Message[] = [...refused];
    let waitingCount = messages.filter(isRequest).length;
    const finish = (): void => {
      if (waitingCount === 0 && answers.length > 0) this.#write(`${JSON.stringify(answers)}\n`);
    };
    const settle = (): void => {
      waitingCount--;
      finish();
      this.#close();
    };
    const outlet: Outlet = {
      deliver: (message) => this.#send(message),
      answer: (response) => {
        answers.push(response);
        settle();
      },
      dismiss: settle,
    };
    this.#openCount += waitingCount;
    if (waitingCount === 0) finish();
    for (const message of messages) this.#receive(message, outlet);
  }

  #close(): void {
    this.#openCount--;
    if (this.#openCount === 0) this.#onIdle?.();
  }

  #send(message: Message): void {
    this.#write(`${JSON.stringify(message)}\n`);
  }
}
