import type { Outlet } from "./client.ts";
import type { ErrorResponse, Message, Response as RpcResponse } from "./message.ts";
import { retryHeaders, statusOf } from "./rpc-status.ts";
import type { Session } from "./session.ts";
import { eventText, LiveBody, streamHeaders } from "./stream.ts";

/** What a reply is written to once it has become a stream. */
interface Stream {
  push(message: Message): void;
  finish(): void;
  hangUp?(): void;
  keepAlive(nowMs: number): void;
}

export interface ReplyOptions {
  /**
   * Where the stream lives that the client may come back to; without one it ends with its
   * connection.
   */
  session: Session | undefined;
  headers: Record<string, string>;
  /** How many requests the POST carried. */
  expectedCount: number;
}

/**
 * The HTTP answer to one POST. An answer that is there before anything else leaves as one complete
 * body; it becomes a stream with the first intermediate message or when the server takes its time.
 */
export class Reply implements Outlet {
  readonly response: Promise<Response>;
  readonly #options: ReplyOptions;
  readonly #early: RpcResponse[] = [];
  #resolve: (response: Response) => void = () => undefined;
  #stream: Stream | undefined;
  #waitingCount: number;

  constructor(options: ReplyOptions) {
    this.#options = options;
    this.#waitingCount = options.expectedCount;
    this.response = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  answer(response: RpcResponse): void {
    if (this.#stream !== undefined) this.#stream.push(response);
    else this.#early.push(response);
    this.#settle();
  }

  deliver(message: Message): void {
    this.#begin().push(message);
  }

  dismiss(): void {
    this.#settle();
  }

  stir(): void {
    this.#begin().keepAlive(performance.now());
  }

  hangUp(): void {
    this.#begin().hangUp?.();
  }

  #settle(): void {
    this.#waitingCount--;
    if (this.#waitingCount > 0) return;
    if (this.#stream !== undefined) {
      this.#stream.finish();
      return;
    }
    const [only] = this.#early;
    if (this.#options.expectedCount === 1 && only !== undefined && isBusy(only)) {
      this.#resolve(tooBusy(only, this.#options.headers));
      return;
    }
    const body = this.#early.map((message) => eventText(message)).join("");
    this.#resolve(new Response(body, { headers: this.#options.headers }));
  }

  #begin(): Stream {
    if (this.#stream !== undefined) return this.#stream;
    const { stream, body } = openStream(this.#options.session);
    this.#stream = stream;
    for (const message of this.#early.splice(0)) stream.push(message);
    this.#resolve(new Response(body, { headers: this.#options.headers }));
    return stream;
  }
}

function openStream(session: Session | undefined): {
  stream: Stream;
  body: ReadableStream<Uint8Array>;
} {
  if (session !== undefined) {
    const stream = session.openStream();
    return { stream, body: stream.open() };
  }
  // A disconnect is not a cancellation in the legacy era, so nothing happens when the reader
  // leaves.
  const live = new LiveBody(() => undefined);
  const stream: Stream = {
    push: (message) => live.write(eventText(message)),
    finish: () => live.close(),
    keepAlive: (nowMs) => live.keepAlive(nowMs),
  };
  return { stream, body: live.body };
}

function isBusy(response: RpcResponse): response is ErrorResponse {
  return "error" in response && statusOf(response.error) === 429;
}

/** A refusal for now is one of the HTTP request too, so that proxies and clients wait as they are told. */
function tooBusy(response: ErrorResponse, headers: Record<string, string>): Response {
  return new Response(JSON.stringify(response), {
    status: 429,
    headers: { ...headers, "content-type": "application/json", ...retryHeaders(response.error) },
  });
}

/** Headers of an answer: those of every stream, and what this request adds. */
export function replyHeaders(requestId: string, sessionId?: string): Record<string, string> {
  const headers: Record<string, string> = { ...streamHeaders, "x-request-id": requestId };
  if (sessionId !== undefined) headers["mcp-session-id"] = sessionId;
  return headers;
}
