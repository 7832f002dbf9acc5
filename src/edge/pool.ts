import type { Caller, Channel, MessageContext } from "../wire/channel.ts";
import type { Client } from "../wire/client.ts";
import {
  errorOf,
  isRequest,
  isResponse,
  type Message,
  type Notification,
  type Request,
  type RequestId,
  type Response,
  rpcCode,
} from "../wire/message.ts";
import type { InitializeResult } from "../wire/peer.ts";
import { Acquaintance } from "./acquaintance.ts";
import { Breaker } from "./breaker.ts";
import type { Usage } from "./group-usage.ts";
import { Ledger } from "./ledger.ts";
import { OpenAsks } from "./open-asks.ts";
import { collectPage } from "./pages.ts";
import { type PassOn, passOn } from "./pass-on.ts";
import { type Lane, laneOf, openCall, outcomeOf } from "./pool-call.ts";
import { PoolCounters, type PoolListener } from "./pool-events.ts";
import type { PoolLimits } from "./pool-limits.ts";
import type { Reaper } from "./reaper.ts";
import { Roster } from "./roster.ts";
import { Staff, type StaffEvents } from "./staff.ts";
import { Standing } from "./standing.ts";
import { Turns } from "./turns.ts";
import type { Launch, Worker } from "./worker.ts";

export interface PoolOptions {
  limits: PoolLimits;
  /** Says how to start the server; called for each start. */
  prepare: () => Promise<Launch>;
  listener: PoolListener;
  /** What the process group of a child takes. */
  usageOf?: ((pid: number) => Usage) | undefined;
  /** Ends the children when this process cannot. */
  reaper?: Reaper | undefined;
  /** What is kept of the server's lists, or of the server itself, may be old. */
  onStale?: (what: "lists" | "server") => void;
}

/**
 * The children of one server, as one channel that does not end with any of them: calls find a child that is free, wait
 * their turn, or are refused; children are started when there is work and end for a reason that is told.
 */
export class Pool implements Channel {
  onMessage: Channel["onMessage"] = () => undefined;
  onClose: Channel["onClose"] = () => undefined;
  readonly counters: PoolCounters = new PoolCounters();
  readonly breaker: Breaker = new Breaker();
  readonly roster: Roster;
  readonly #staff: Staff;
  readonly limits: PoolLimits;
  readonly #listener: PoolListener;
  readonly #asks = new OpenAsks();
  readonly #standing = new Standing();
  readonly #onStale: (what: "lists" | "server") => void;
  readonly #acquaintance = new Acquaintance();
  readonly #ledger: Ledger;
  readonly #turns: Turns;
  readonly #upwards: PassOn;

  constructor(options: PoolOptions) {
    this.limits = options.limits;
    this.#listener = options.listener;
    const answer = (message: Message): void => this.onMessage(message);
    this.#ledger = new Ledger(options.listener, this.counters, answer);
    this.#onStale = options.onStale ?? (() => undefined);
    this.#upwards = {
      asks: this.#asks,
      deliver: (message, context) => this.onMessage(message, context),
      onListChanged: () => this.#onStale("lists"),
    };
    const events: StaffEvents = {
      onMessage: (worker, message, context) => this.#fromChild(worker, message, context),
      onReady: (worker) => this.#welcome(worker),
      onGone: (worker, detail) => this.#farewell(worker, detail),
      onDropped: (worker, id, limitBytes) => this.#failDropped(worker, id, limitBytes),
      onStartFailed: (lane, detail) => this.#noChild(detail, lane),
    };
    const { breaker, counters, limits } = this;
    const roster = new Roster(limits.concurrencyCount);
    const staff = new Staff({ ...options, roster, breaker, counters, events });
    this.roster = roster;
    this.#staff = staff;
    this.#turns = new Turns({ roster, staff, ledger: this.#ledger, breaker, limits });
  }

  /** What the server said of itself, once some child has been ready. */
  get initializeResult(): InitializeResult | undefined {
    return this.#acquaintance.known;
  }

  get waitingCount(): number {
    return this.#turns.count;
  }

  /** Lines of stdout that were no JSON-RPC, of the children that are there and of those that were. */
  get noiseCount(): number {
    return this.counters.noiseCount + this.roster.noiseCount;
  }

  send(message: Message, caller?: Caller, client?: Client): void {
    if (isRequest(message)) this.#take(message, caller, client);
    else if (isResponse(message)) this.#asks.settle(message);
    else this.#notify(message, client);
  }

  leave(client: Client): void {
    const worker = this.roster.findOf(client);
    if (worker !== undefined) this.#staff.retire(worker, "session_end");
  }

  /** Settles when a child has been ready once: with nothing, or with why none will be soon. */
  async whenKnown(): Promise<string | undefined> {
    if (this.initializeResult !== undefined) return undefined;
    if (this.breaker.isOpen) return `it keeps failing: ${this.breaker.lastReason}`;
    const { queueLimitCount } = this.limits;
    if (this.#acquaintance.curiousCount >= queueLimitCount)
      return `${queueLimitCount} requests wait for its start already`;
    const known = this.#acquaintance.wait();
    this.start();
    return known;
  }

  /** Starts a child when none runs. */
  start(): void {
    if (this.limits.policy === "shared") this.#staff.ensure(undefined);
    // A session brings its own child; one for single requests shows whether the server starts at all.
    else if (this.initializeResult === undefined) this.#staff.ensure("visitor");
  }

  /** Looks after limits and waiting calls; called about twice a second. */
  lookAfter(nowMs: number): void {
    this.#turns.refuseOverdue(nowMs);
    this.#staff.lookAfter(nowMs, this.#standing.hasSubscriptions);
    this.#turns.pump();
  }

  /** Puts another version of the server in the place of the one that runs. Calls in flight end where they began. */
  reload(): void {
    this.breaker.reset();
    this.#staff.renew();
  }

  /** Refuses new calls, lets those in flight finish within their bound, then ends every child. */
  async close(): Promise<void> {
    this.#turns.stop();
    this.#acquaintance.tell("the gateway is stopping");
    await this.#staff.close();
    this.onClose("it was stopped");
  }

  #take(request: Request, caller: Caller | undefined, client: Client | undefined): void {
    if (request.method === "initialize") {
      this.onMessage(this.#initialize(request.id));
      return;
    }
    this.#standing.note(request);
    // What the mux sends on behalf of nobody goes to every child, and nobody waits for the answer.
    if (typeof request.id === "string") {
      this.roster.broadcast(request);
      return;
    }
    const lane = this.limits.policy === "shared" ? undefined : laneOf(client, caller);
    this.#turns.take(openCall(request, { client, caller, lane }));
  }

  /** The handshake of a mux with this pool: whoever builds one waits for a first child. */
  #initialize(id: RequestId): Response {
    const known = this.initializeResult;
    if (known !== undefined) return { jsonrpc: "2.0", id, result: { ...known } };
    return errorOf(id, rpcCode.serverError, "no child has been ready yet");
  }

  #notify(message: Notification, client: Client | undefined): void {
    if (message.method === "notifications/cancelled") this.#cancel(message);
    else if (message.method === "notifications/progress") this.#asks.progress(message);
    else if (client !== undefined && this.limits.policy === "per_session") {
      this.roster.findOf(client)?.send(message);
    } else this.roster.broadcast(message);
  }

  #cancel(message: Notification): void {
    // The mux numbers its requests.
    const id = message.params?.requestId as RequestId;
    const worker = this.roster.list().find((one) => one.calls.has(id));
    const call = worker?.cancel(id, message) ?? this.#turns.withdraw(id);
    if (call === undefined) return;
    this.#ledger.record(call, "cancelled", 0);
    this.#turns.pump();
  }

  #fromChild(worker: Worker, message: Message, context?: MessageContext): void {
    if (isResponse(message)) this.#settle(worker, message);
    else passOn(this.#upwards, worker, { message, context });
  }

  #settle(worker: Worker, message: Response): void {
    const call = worker.take(message.id);
    if (call === undefined) return;
    this.breaker.succeeded();
    const bytes = worker.child.lastBytes;
    if (collectPage(worker, call, message)) return;
    message.id = call.id;
    this.#ledger.record(call, outcomeOf(message), bytes);
    this.onMessage(message);
    this.#turns.pump();
    this.#staff.settle(worker);
  }

  #failDropped(worker: Worker, id: number | undefined, limitBytes: number): void {
    this.counters.droppedLineCount++;
    const call = worker.take(id ?? worker.findOnlyCall()?.id ?? null);
    if (call === undefined) return;
    this.#ledger.fail(call, `its answer is longer than ${limitBytes} bytes`);
    this.#turns.pump();
    this.#staff.settle(worker);
  }

  #welcome(worker: Worker): void {
    const { stale, isNewVersion } = this.#acquaintance.meet(worker);
    this.#standing.restore(worker);
    if (stale !== "nothing") this.#onStale(stale);
    if (isNewVersion) {
      this.counters.reloadCount++;
      this.#listener.onEvent({ kind: "reload", generation: worker.generation });
      if (this.initializeResult?.capabilities.tools?.listChanged) {
        this.onMessage({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
      }
    }
    this.#turns.pump();
  }

  #farewell(worker: Worker, detail: string): void {
    this.counters.noiseCount += worker.child.noiseCount;
    this.#ledger.failAll(worker, detail);
    for (const message of this.#asks.drop(worker)) this.onMessage(message);
    this.#turns.pump();
  }

  #noChild(detail: string, lane: Lane | undefined): void {
    this.#turns.refuse(detail, lane);
    this.#acquaintance.tell(detail);
  }
}
