import { Asks } from "./asks.ts";
import { type Call, Calls } from "./calls.ts";
import type { Caller, Channel, MessageContext } from "./channel.ts";
import type { Client, ClientCapabilities, Outlet } from "./client.ts";
import { Counters } from "./counters.ts";
import { busy, forward, isSubscribed } from "./forward.ts";
import { silentLog, type WireLog } from "./log.ts";
import { errorOf, isRequest, isResponse, type Message, type Response, rpcCode } from "./message.ts";
import { type InitializeResult, Peer, type PeerEvents } from "./peer.ts";
import { routeNotification, routeRequest } from "./route.ts";
import { Ticker } from "./ticker.ts";

/**
 * The most calls in flight; one more is refused at once, so that a slow server cannot fill the
 * memory.
 */
export const callLimitCount = 10_000;
/**
 * How long a call may take, in milliseconds, before the client is told and the server is asked to
 * stop.
 */
export const callLimitMs: number = 10 * 60 * 1000;
/** How long a call is silent before its HTTP answer is begun, in milliseconds. */
const quietMs = 900;

export interface MuxOptions {
  log?: WireLog;
  /** For tests: the most calls in flight. */
  callLimitCount?: number;
  /** For tests: how long a call may take. */
  callLimitMs?: number;
  /** For tests: how often waiting calls are looked after. */
  tickMs?: number;
}

/** Puts `channel` behind a multiplexer: one warm server, any number of clients. */
export function createMux(channel: Channel, options: MuxOptions = {}): Mux {
  return new Mux(channel, options);
}

/**
 * Stands between many clients and one server. Ids, progress tokens and cancellations are rewritten,
 * so clients that use the same ones never meet; what the server sends goes to the client that it
 * belongs to and to no other.
 */
export class Mux {
  readonly calls: Calls = new Calls();
  readonly asks: Asks = new Asks();
  readonly clients: Set<Client> = new Set();
  readonly counters: Counters = new Counters();
  readonly ticker: Ticker;
  readonly log: WireLog;
  readonly callLimitCount: number;
  readonly #callLimitMs: number;
  readonly #events: PeerEvents;
  #peer: Peer;

  constructor(channel: Channel, options: MuxOptions) {
    this.log = options.log ?? silentLog;
    this.callLimitCount = options.callLimitCount ?? callLimitCount;
    this.#callLimitMs = options.callLimitMs ?? callLimitMs;
    this.ticker = new Ticker(options.tickMs);
    this.ticker.add((nowMs) => this.#lookAfter(nowMs));
    this.#events = {
      onMessage: (peer, message, context) => this.#fromPeer(peer, message, context),
      onHangUp: (_peer, relatedTo) => this.calls.find(relatedTo)?.outlet.hangUp?.(),
      onReady: (peer) => this.#welcome(peer),
      onGone: (peer, reason) => this.#failCalls(peer, reason),
    };
    this.#peer = new Peer(channel, this.#events);
  }

  /** The server that new calls go to. */
  get peer(): Peer {
    return this.#peer;
  }

  /**
   * Puts another server in the place of the current one; calls in flight still end where they
   * began.
   */
  attach(channel: Channel): void {
    this.#peer = new Peer(channel, this.#events);
  }

  /** What the server said of itself, once it has answered; undefined when it ended before that. */
  whenReady(): Promise<InitializeResult | undefined> {
    const peer = this.#peer;
    return new Promise((resolve) => {
      if (!peer.whenSettled(() => resolve(peer.initializeResult))) resolve(undefined);
    });
  }

  /** Lets a client in that stays: it takes part in broadcasts until `disconnect`. */
  connect(outlet: Outlet): Client {
    const client: Client = { ...this.visit(outlet, {}), isStaying: true };
    this.clients.add(client);
    return client;
  }

  /** Lets a client in for a single request. It needs no farewell. */
  visit(outlet: Outlet, capabilities: ClientCapabilities): Client {
    return {
      outlet,
      capabilities,
      protocolVersion: undefined,
      logLevel: undefined,
      subscriptions: undefined,
      isGone: false,
      isStaying: false,
    };
  }

  /** Takes one message of a client; the answer to a request goes to `outlet`. */
  receive(client: Client, message: Message, outlet: Outlet = client.outlet, caller?: Caller): void {
    if (this.#peer.whenSettled(() => forward(this, { client, message, outlet, caller }))) return;
    if (isRequest(message)) outlet.answer(busy(message.id, "the server is still starting"));
  }

  /** Asks the server to stop working on a call whose client no longer wants the answer. */
  cancel(call: Call, reason: string): void {
    if (this.calls.take(call.id) === undefined) return;
    this.counters.ended(call, "cancelled");
    this.asks.refuse((ask) => ask.callId === call.id, reason);
    const params = { requestId: call.id, reason };
    call.peer.send({ jsonrpc: "2.0", method: "notifications/cancelled", params });
  }

  /** The client is gone: its calls are cancelled, and what the server still sends it is dropped. */
  disconnect(client: Client): void {
    if (client.isGone) return;
    client.isGone = true;
    this.clients.delete(client);
    this.asks.refuse((ask) => ask.client === client, "it has disconnected");
    for (const call of this.calls.listWhere((one) => one.client === client)) {
      this.cancel(call, "The client has disconnected");
    }
    for (const uri of client.subscriptions ?? []) {
      if (isSubscribed(this, uri)) continue;
      this.#tell(this.#peer, "resources/unsubscribe", { uri });
    }
    this.#peer.leave(client);
  }

  /** Answers all calls in flight with an error, so that nobody waits for an answer that cannot come. */
  failAll(state: string): void {
    for (const call of this.calls.listWhere(() => true))
      this.#giveUp(call, rpcCode.serverError, state);
  }

  /** Ends the server; calls in flight get the time that its channel grants. */
  async close(): Promise<void> {
    await this.#peer.close();
    this.ticker.stop();
  }

  #fromPeer(peer: Peer, message: Message, context?: MessageContext): void {
    if (isRequest(message)) routeRequest(this, { peer, message, context });
    else if (isResponse(message)) this.#settle(message);
    else routeNotification(this, { peer, message, context });
  }

  #settle(message: Response): void {
    const call = this.calls.take(message.id);
    if (call === undefined) {
      // Ids that are no numbers are answers to what the mux itself has sent.
      if (typeof message.id === "number") this.counters.lateCount++;
      return;
    }
    this.counters.ended(call, "error" in message ? "error" : "ok");
    message.id = call.clientId;
    if (!call.client.isGone) call.outlet.answer(message);
  }

  /** A server that took another's place knows nothing of the clients yet. */
  #welcome(peer: Peer): void {
    for (const client of this.clients) {
      for (const uri of client.subscriptions ?? [])
        this.#tell(peer, "resources/subscribe", { uri });
      if (client.logLevel) this.#tell(peer, "logging/setLevel", { level: client.logLevel });
    }
  }

  #tell(peer: Peer, method: string, params: Record<string, unknown>): void {
    peer.send({ jsonrpc: "2.0", id: `berth-${method}`, method, params });
  }

  #failCalls(peer: Peer, reason: string): void {
    const calls = this.calls.listWhere((one) => one.peer === peer);
    const fields = { reason, calls: calls.length };
    // An end that cuts nobody off is an ordinary one.
    if (calls.length > 0) this.log.error(fields, "the MCP server is gone");
    else this.log.debug(fields, "the MCP server has ended");
    this.asks.refuse((ask) => ask.peer === peer, reason);
    for (const call of calls) {
      this.#fail(call, rpcCode.serverError, `the server is gone: ${reason}`);
    }
  }

  #fail(call: Call, code: number, state: string): void {
    if (this.calls.take(call.id) === undefined) return;
    this.counters.ended(call, "error");
    const what = call.name === undefined ? call.method : `${call.method} "${call.name}"`;
    if (call.client.isGone) return;
    call.outlet.answer(errorOf(call.clientId, code, `Cannot finish ${what}: ${state}`));
  }

  #giveUp(call: Call, code: number, state: string): void {
    const params = { requestId: call.id, reason: state };
    call.peer.send({ jsonrpc: "2.0", method: "notifications/cancelled", params });
    this.#fail(call, code, state);
  }

  #lookAfter(nowMs: number): void {
    for (const call of this.calls.startedBefore(nowMs - Math.min(quietMs, this.#callLimitMs))) {
      if (call.startedAtMs > nowMs - this.#callLimitMs) {
        call.outlet.stir?.();
        continue;
      }
      this.#giveUp(call, rpcCode.timeout, `no answer within ${this.#callLimitMs} ms`);
    }
    this.asks.refuseOverdue(nowMs);
  }
}
