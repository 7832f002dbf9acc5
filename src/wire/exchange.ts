import type { Caller } from "./channel.ts";
import type { Client, ClientCapabilities, Outlet } from "./client.ts";
import type { HeldCalls, Holdable } from "./held.ts";
import {
  errorOf,
  isRequest,
  type Notification,
  type Request,
  type RequestId,
  type Response,
  resultOf,
  rpcCode,
} from "./message.ts";
import type { Envelope } from "./modern-meta.ts";
import {
  hasFailed,
  missingCapability,
  modernError,
  modernResult,
  withServerInfo,
} from "./modern-result.ts";
import type { Mux } from "./mux.ts";
import { inputKey } from "./protocol.ts";

/**
 * How long further requests for input are waited for after the first, in milliseconds, to ask for
 * all at once.
 */
const gatherMs = 10;

/** The only methods that may ask for input (2026-07-28, multi round-trip requests). */
const askingMethods = new Set(["tools/call", "prompts/get", "resources/read"]);

/** Where the messages for one modern request go. */
export interface ModernSink {
  notify(message: Notification): void;
  answer(response: Response): void;
  /** The call is still running. */
  stir?(): void;
}

/** What the client sends along to answer earlier questions, by their keys. */
export type InputResponses = Record<string, Record<string, unknown>>;

/** One request that waits for the next word of the exchange. */
export interface Turn {
  id: RequestId;
  sink: ModernSink;
  principal: string;
  responses: InputResponses;
}

/**
 * One modern call in front of a legacy server. What the server asks while it works becomes an
 * input-required result; the call itself goes on waiting, and the client's next request brings the
 * answers. So no work is ever done twice.
 */
export class Exchange implements Outlet, Holdable {
  readonly client: Client;
  readonly subject: string;
  readonly #mux: Mux;
  readonly #held: HeldCalls<Exchange>;
  readonly #method: string;
  readonly #uri: unknown;
  readonly #asked = new Map<string, Request>();
  #turn: Turn | undefined;
  #supplied: InputResponses = {};
  #askCount = 0;
  #missing: ClientCapabilities | undefined;
  #finished: Response | undefined;
  #gathering: ReturnType<typeof setTimeout> | undefined;

  constructor(mux: Mux, held: HeldCalls<Exchange>, request: Request, envelope: Envelope) {
    this.#mux = mux;
    this.#held = held;
    this.#method = request.method;
    this.#uri = request.params?.uri;
    this.subject = subjectOf(request);
    this.client = mux.visit(this, envelope.capabilities);
    this.client.logLevel = envelope.logLevel;
  }

  /** Hands the call to the server. */
  start(request: Request, turn: Turn, caller: Caller | undefined): void {
    this.#turn = turn;
    this.#supplied = turn.responses;
    this.#mux.receive(this.client, request, this, caller);
  }

  /** The client is back, with answers. */
  resume(turn: Turn, envelope: Envelope): void {
    this.#turn = turn;
    this.client.capabilities = envelope.capabilities;
    this.client.logLevel = envelope.logLevel;
    this.#supplied = turn.responses;
    for (const [key, request] of this.#asked) this.#answerFromSupply(key, request);
    if (this.#finished !== undefined) this.#finish(this.#finished);
    else this.#gather();
  }

  /** The client no longer wants the answer. */
  abandon(): void {
    clearTimeout(this.#gathering);
    this.#turn = undefined;
    this.#mux.disconnect(this.client);
  }

  expire(): void {
    this.abandon();
  }

  deliver(message: Request | Notification): void {
    if (isRequest(message)) this.#ask(message);
    else if (message.method === "notifications/cancelled") this.#withdraw(message);
    else if (message.method === "notifications/progress") this.#turn?.sink.notify(message);
    else if (message.method === "notifications/message" && this.client.logLevel !== undefined) {
      this.#turn?.sink.notify(message);
    }
  }

  answer(response: Response): void {
    const failed = this.#missing !== undefined && hasFailed(response);
    this.#finish(failed ? missingCapability(response, this.#missing ?? {}) : response);
  }

  stir(): void {
    this.#turn?.sink.stir?.();
  }

  /** The mux has refused what the server asked, because the client cannot do it. */
  refused(missing: ClientCapabilities): void {
    this.#missing = { ...this.#missing, ...missing };
  }

  #finish(response: Response): void {
    const turn = this.#turn;
    if (turn === undefined) {
      // It asked, gave up waiting and finished; the client hears of it when it comes back.
      this.#finished = response;
      return;
    }
    this.#turn = undefined;
    clearTimeout(this.#gathering);
    response.id = turn.id;
    const known = this.#mux.peer.initializeResult;
    if ("result" in response) turn.sink.answer(modernResult(response, this.#method, known));
    else turn.sink.answer(modernError(response, this.#method, this.#uri));
  }

  #ask(request: Request): void {
    if (!askingMethods.has(this.#method) || this.#held.isFull) {
      const state = this.#held.isFull ? "too many calls wait for input" : "this method may not ask";
      this.#settle(errorOf(request.id, rpcCode.serverError, `Cannot ask the client: ${state}`));
      return;
    }
    const key = this.#keyOf(request);
    this.#asked.set(key, request);
    if (!this.#answerFromSupply(key, request)) this.#gather();
  }

  #answerFromSupply(key: string, request: Request): boolean {
    const response = Object.hasOwn(this.#supplied, key) ? this.#supplied[key] : undefined;
    if (response === undefined) return false;
    this.#asked.delete(key);
    this.#settle(resultOf(request.id, response));
    return true;
  }

  /** Later, so that the server has finished asking before it is answered. */
  #settle(response: Response): void {
    queueMicrotask(() => this.#mux.receive(this.client, response));
  }

  #withdraw(message: Notification): void {
    for (const [key, request] of this.#asked) {
      if (request.id === message.params?.requestId) this.#asked.delete(key);
    }
  }

  /**
   * A server may name its question, so that clients can answer it in advance; otherwise it gets a
   * number.
   */
  #keyOf(request: Request): string {
    this.#askCount++;
    const name = request.params?._meta?.[inputKey];
    return typeof name === "string" && !this.#asked.has(name) ? name : `input_${this.#askCount}`;
  }

  #gather(): void {
    if (this.#asked.size === 0) return;
    clearTimeout(this.#gathering);
    this.#gathering = setTimeout(() => this.#askClient(), gatherMs);
  }

  #askClient(): void {
    const turn = this.#turn;
    if (turn === undefined || this.#asked.size === 0) return;
    this.#turn = undefined;
    const inputRequests = Object.fromEntries([...this.#asked].map(inputRequestOf));
    const requestState = this.#held.hold(this, turn.principal);
    const result = { resultType: "input_required", inputRequests, requestState };
    const known = this.#mux.peer.initializeResult;
    turn.sink.answer(resultOf(turn.id, withServerInfo(result, known)));
  }
}

/** What a retry has in common with the call that it continues. */
export function subjectOf({ method, params }: Request): string {
  return `${method} ${String(params?.name ?? params?.uri ?? "")}`;
}

function inputRequestOf([key, { method, params }]: [string, Request]): [string, object] {
  // The id of a URL elicitation belongs to the legacy era; the metadata to the connection that is
  // not there.
  const { _meta, elicitationId, ...rest } = params ?? {};
  return [key, { method, params: rest }];
}
