import type { Caller } from "./channel.ts";
import { Exchange, type InputResponses, type ModernSink, subjectOf } from "./exchange.ts";
import { HeldCalls } from "./held.ts";
import { Listeners } from "./listen.ts";
import { errorOf, type Request, type RpcError, resultOf, rpcCode } from "./message.ts";
import { type Envelope, isRpcError, readEnvelope } from "./modern-meta.ts";
import { discoverResult } from "./modern-result.ts";
import type { Mux } from "./mux.ts";

/** Methods that the modern era has removed; a legacy server would still answer them. */
const removedMethods = new Set([
  "initialize",
  "ping",
  "logging/setLevel",
  "resources/subscribe",
  "resources/unsubscribe",
]);

/** The capability that a server declares for a family of methods. */
const capabilityOf: Readonly<Record<string, string>> = {
  completion: "completions",
  prompts: "prompts",
  resources: "resources",
  tools: "tools",
};

/** Who sends a modern request. */
export interface Sender {
  sink: ModernSink;
  /** A name for the caller; a call that waits for input goes on for this one only. */
  principal: string;
  caller: Caller | undefined;
}

/** A request that is being worked on. */
export interface ModernCall {
  /** The client no longer wants the answer. */
  cancel(): void;
}

const settled: ModernCall = { cancel: () => undefined };

/**
 * The stateless era 2026-07-28 in front of a server that speaks 2025-11-25, for HTTP and stdio
 * alike.
 */
export class ModernEra {
  readonly #mux: Mux;
  readonly #held: HeldCalls<Exchange>;
  readonly #listeners: Listeners;

  constructor(mux: Mux, heldLimitMs?: number) {
    this.#mux = mux;
    this.#held = new HeldCalls(mux.ticker, heldLimitMs);
    this.#listeners = new Listeners(mux);
  }

  /** Calls that wait for input, and open subscriptions. */
  get counts(): { held: number; listening: number } {
    return { held: this.#held.count, listening: this.#listeners.count };
  }

  /** Takes one request; its answer and what belongs to it go to the sender's sink. */
  receive(request: Request, sender: Sender): ModernCall {
    const envelope = readEnvelope(request.params);
    if (isRpcError(envelope)) return answerError(request, sender, envelope);
    const absence = this.#findAbsence(request.method);
    if (absence !== undefined) {
      const message = `Method not found: ${request.method} ${absence}`;
      return answerError(request, sender, { code: rpcCode.methodNotFound, message });
    }
    if (request.method === "server/discover") return this.#discover(request, sender);
    if (request.method === "subscriptions/listen") return this.#listen(request, sender);
    return this.#call(request, sender, envelope);
  }

  /** Ends all subscriptions and gives up the calls that wait for input. */
  close(): void {
    this.#listeners.close();
    this.#held.close();
  }

  /** Why a method does not exist here; undefined when it may. */
  #findAbsence(method: string): string | undefined {
    if (removedMethods.has(method)) return "is not part of 2026-07-28";
    const capability = capabilityOf[method.slice(0, method.indexOf("/"))];
    const offered = this.#mux.peer.initializeResult?.capabilities;
    // Legacy clients may list what is not offered and get nothing; now it has to be declared first.
    if (capability === undefined || offered === undefined) return undefined;
    return offered[capability] === undefined
      ? `needs "${capability}", not offered here`
      : undefined;
  }

  #discover(request: Request, { sink }: Sender): ModernCall {
    void this.#mux.whenReady().then((known) => {
      if (known !== undefined) sink.answer(resultOf(request.id, discoverResult(known)));
      else sink.answer(errorOf(request.id, rpcCode.serverError, "Cannot discover: no server runs"));
    });
    return settled;
  }

  #listen(request: Request, { sink }: Sender): ModernCall {
    let listening: ModernCall | undefined;
    let isCancelled = false;
    void this.#mux.whenReady().then(() => {
      if (!isCancelled) listening = this.#listeners.listen(request, sink);
    });
    return {
      cancel() {
        isCancelled = true;
        listening?.cancel();
      },
    };
  }

  #call(request: Request, { sink, principal, caller }: Sender, envelope: Envelope): ModernCall {
    const { params } = request;
    const responses = readResponses(params?.inputResponses);
    if (responses === undefined) {
      const message = "Invalid params: inputResponses must be an object of objects";
      return answerError(request, { sink }, { code: rpcCode.invalidParams, message });
    }
    const turn = { id: request.id, sink, principal, responses };
    const state = params?.requestState;
    let exchange: Exchange | string;
    if (state === undefined) {
      exchange = new Exchange(this.#mux, this.#held, request, envelope);
      if (params) delete params.inputResponses;
      exchange.start(request, turn, caller);
    } else {
      exchange = this.#held.take(String(state), principal, subjectOf(request));
      if (typeof exchange !== "string") exchange.resume(turn, envelope);
    }
    if (typeof exchange !== "string") return { cancel: exchange.abandon.bind(exchange) };
    const message = `Invalid params: requestState is refused: ${exchange}`;
    return answerError(request, { sink }, { code: rpcCode.invalidParams, message });
  }
}

function answerError({ id }: Request, { sink }: Pick<Sender, "sink">, error: RpcError): ModernCall {
  sink.answer(errorOf(id, error.code, error.message, error.data));
  return settled;
}

function readResponses(value: unknown): InputResponses | undefined {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const isSound = Object.values(value).every(
    (entry) => typeof entry === "object" && entry !== null,
  );
  // Every value has been checked to be an object.
  return isSound ? (value as InputResponses) : undefined;
}
