import type { ModernSink } from "./exchange.ts";
import { principalOf } from "./held.ts";
import { type HttpCall, nameRequest } from "./http-call.ts";
import {
  isRequest,
  type Message,
  type Notification,
  type RpcError,
  type Request as RpcRequest,
  type Response as RpcResponse,
  rpcCode,
} from "./message.ts";
import type { ModernCall, ModernEra } from "./modern.ts";
import { findHeaderMismatch, findParamMismatch } from "./modern-headers.ts";
import { isRpcError, readEnvelope } from "./modern-meta.ts";
import type { Mux } from "./mux.ts";
import { refuse } from "./refusal.ts";
import { retryHeaders, statusOf } from "./rpc-status.ts";
import { eventText, LiveBody, streamHeaders } from "./stream.ts";
import { findInputSchema } from "./tool-schema.ts";

/** Streamable HTTP of 2026-07-28: one POST, one answer, no session. */
export class ModernHttp {
  readonly #mux: Mux;
  readonly #era: ModernEra;
  readonly #streams = new Set<LiveBody>();
  readonly #stopTicking: () => void;

  constructor(mux: Mux, era: ModernEra) {
    this.#mux = mux;
    this.#era = era;
    this.#stopTicking = mux.ticker.add((nowMs) => {
      for (const stream of this.#streams) stream.keepAlive(nowMs);
    });
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  /** Ends all subscriptions; calls in flight still get their answers. */
  close(): void {
    this.#stopTicking();
    this.#era.close();
  }

  async post(call: HttpCall, message: Message): Promise<Response> {
    const { request, requestId, caller } = call;
    // What a client reports beside its requests changes nothing here: there is no connection that
    // it could belong to.
    if (!isRequest(message)) {
      return new Response(null, { status: 202, headers: { "x-request-id": requestId } });
    }
    const refusal = await this.#findRefusal(request.headers, message);
    if (refusal !== undefined) return refuse({ status: 400, id: message.id, ...refusal });
    nameRequest(message, requestId);
    const reply = new ModernReply(requestId, this.#streams);
    const principal = principalOf(caller?.principal ?? caller?.authorization);
    const running = this.#era.receive(message, { sink: reply, principal, caller });
    reply.cancelWith(running, request.signal);
    return reply.response;
  }

  async #findRefusal(headers: Headers, message: RpcRequest): Promise<RpcError | undefined> {
    const envelope = readEnvelope(message.params);
    if (isRpcError(envelope)) {
      // A version that differs from its header is a mismatch first, whether it is served here or
      // not.
      const isVersionWrong = envelope.code === rpcCode.unsupportedVersion;
      return isVersionWrong ? (findHeaderMismatch(headers, message) ?? envelope) : envelope;
    }
    const mismatch = findHeaderMismatch(headers, message);
    if (mismatch !== undefined || message.method !== "tools/call") return mismatch;
    const schema = findInputSchema(this.#mux, message.params?.name);
    const inputSchema = schema instanceof Promise ? await schema : schema;
    return findParamMismatch(headers, message.params?.arguments, inputSchema);
  }
}

/**
 * The HTTP answer to one modern request: one JSON body, or a stream when something comes before the
 * answer.
 */
class ModernReply implements ModernSink {
  readonly response: Promise<Response>;
  readonly #requestId: string;
  readonly #streams: Set<LiveBody>;
  #resolve: (response: Response) => void = () => undefined;
  #live: LiveBody | undefined;
  #isDone = false;
  #running: ModernCall | undefined;

  constructor(requestId: string, streams: Set<LiveBody>) {
    this.#requestId = requestId;
    this.#streams = streams;
    this.response = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Closing the response stream is the cancellation (2026-07-28, cancellation, "HTTP"). */
  cancelWith(running: ModernCall, signal: AbortSignal): void {
    this.#running = running;
    if (this.#isDone) return;
    if (signal.aborted) this.#leave();
    else signal.addEventListener("abort", () => this.#leave(), { once: true });
  }

  notify(message: Notification): void {
    this.#begin().write(eventText(message));
  }

  stir(): void {
    this.#begin();
  }

  answer(response: RpcResponse): void {
    if (this.#isDone) return;
    this.#isDone = true;
    if (this.#live !== undefined) {
      this.#live.write(eventText(response));
      this.#live.close();
      this.#streams.delete(this.#live);
      return;
    }
    const status = "error" in response ? statusOf(response.error) : 200;
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-request-id": this.#requestId,
      ...("error" in response && retryHeaders(response.error)),
    };
    this.#resolve(new Response(JSON.stringify(response), { status, headers }));
  }

  #begin(): LiveBody {
    if (this.#live !== undefined) return this.#live;
    const live = new LiveBody(() => this.#leave());
    this.#live = live;
    this.#streams.add(live);
    const headers = { ...streamHeaders, "x-request-id": this.#requestId };
    this.#resolve(new Response(live.body, { headers }));
    return live;
  }

  #leave(): void {
    if (this.#live !== undefined) this.#streams.delete(this.#live);
    if (this.#isDone) return;
    this.#isDone = true;
    this.#running?.cancel();
    this.#resolve(new Response(null, { status: 499 }));
  }
}
