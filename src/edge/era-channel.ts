import type { Channel } from "../wire/channel.ts";
import {
  errorOf,
  isRequest,
  isResponse,
  type Message,
  type Request,
  type RequestId,
  type Response,
  resultOf,
  rpcCode,
} from "../wire/message.ts";
import { metaKey } from "../wire/modern-meta.ts";
import { introduce, legacyResult, listenRequest, modernRequest } from "./modern-words.ts";
import { OpenInputs } from "./open-inputs.ts";

/** Errors with which a server that knows no handshake answers one. */
const noHandshake = new Set<number>([rpcCode.unsupportedVersion, rpcCode.methodNotFound]);
const discoverId = "berth-discover";

/**
 * Lets a server that speaks 2026-07-28 only look like one with a handshake, so that everything in front need not know. The
 * handshake is always tried first: servers exist that exit on any other first request.
 */
export class EraChannel implements Channel {
  onMessage: Channel["onMessage"] = () => undefined;
  onClose: Channel["onClose"] = () => undefined;
  readonly #inner: Channel;
  readonly #inputs = new OpenInputs();
  readonly #subscribed = new Set<string>();
  #handshake: Request | undefined;
  #isModern = false;
  #logLevel: unknown;
  #capabilities: Record<string, unknown> = {};
  #listenCount = 0;

  constructor(inner: Channel) {
    this.#inner = inner;
    inner.onMessage = (message) => this.#receive(message);
    inner.onClose = (reason) => this.onClose(reason);
  }

  send(message: Message): void {
    if (this.#isModern) this.#sendModern(message);
    else {
      if (isRequest(message) && message.method === "initialize") this.#handshake = message;
      this.#inner.send(message);
    }
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #receive(message: Message): void {
    if (this.#handshake !== undefined && isResponse(message)) this.#meet(message, this.#handshake);
    else if (this.#isModern) this.#receiveModern(message);
    else this.onMessage(message);
  }

  /** The first answers: to initialize, and when that was refused, to discover. */
  #meet(response: Response, handshake: Request): void {
    const isRefused = "error" in response && noHandshake.has(response.error.code);
    if (response.id === handshake.id && isRefused) {
      const discover: Request = { jsonrpc: "2.0", id: discoverId, method: "server/discover" };
      this.#inner.send(modernRequest(discover, undefined));
      return;
    }
    this.#handshake = undefined;
    const introduction = response.id === discoverId ? introduce(response) : undefined;
    if (introduction === undefined) {
      this.onMessage({ ...response, id: handshake.id });
      return;
    }
    this.#isModern = true;
    // `introduce` has put it there.
    this.#capabilities = introduction.capabilities as Record<string, unknown>;
    this.onMessage(resultOf(handshake.id, introduction));
    this.#listen();
  }

  #sendModern(message: Message): void {
    if (isResponse(message)) this.#takeInput(message);
    else if (!isRequest(message)) {
      // Of what a client reports, only that it no longer waits is left in this revision.
      if (message.method !== "notifications/cancelled") return;
      this.#inputs.drop(message.params?.requestId);
      this.#inner.send(message);
    } else if (!this.#serveLocally(message)) {
      const request = modernRequest(message, this.#logLevel);
      this.#inputs.open(request);
      this.#inner.send(request);
    }
  }

  /** Methods that 2026-07-28 has replaced by metadata and by one subscription for everything. */
  #serveLocally({ id, method, params }: Request): boolean {
    if (method === "logging/setLevel") this.#logLevel = params?.level;
    else if (method === "resources/subscribe") this.#subscribed.add(String(params?.uri));
    else if (method === "resources/unsubscribe") this.#subscribed.delete(String(params?.uri));
    else if (method !== "ping") return false;
    if (method.startsWith("resources/")) this.#listen();
    if (method === "ping")
      this.#inner.send(modernRequest({ jsonrpc: "2.0", id, method: "server/discover" }, undefined));
    else queueMicrotask(() => this.onMessage(resultOf(id, {})));
    return true;
  }

  /** Opens the one subscription anew; the old one is cancelled. */
  #listen(): void {
    const request = listenRequest(++this.#listenCount, this.#capabilities, this.#subscribed);
    if (this.#listenCount > 1) {
      const params = { requestId: `berth-listen-${this.#listenCount - 1}` };
      this.#inner.send({ jsonrpc: "2.0", method: "notifications/cancelled", params });
    }
    if (request !== undefined) this.#inner.send(request);
  }

  #receiveModern(message: Message): void {
    if (isResponse(message)) this.#settle(message);
    else if (message.method !== "notifications/subscriptions/acknowledged") {
      const meta = message.params?._meta;
      if (meta !== undefined) delete meta[metaKey.subscriptionId];
      this.onMessage(message);
    }
  }

  #settle(response: Response): void {
    const asked = this.#inputs.answered(response);
    if (asked === undefined) {
      this.onMessage("result" in response ? legacyResult(response) : response);
      return;
    }
    for (const question of asked.questions) this.onMessage(question, { relatedTo: asked.callId });
  }

  #takeInput(response: Response): void {
    const retry = this.#inputs.take(response);
    if (retry === undefined) return;
    if ("request" in retry) this.#inner.send(retry.request);
    else this.onMessage(errorOf(retry.failed as RequestId, rpcCode.serverError, retry.reason));
  }
}
