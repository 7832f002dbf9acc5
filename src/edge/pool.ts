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
import { Ledger } from "./ledger.ts";
import { OpenAsks } from "./open-asks.ts";
import { collectPage } from "./pages.ts";
import { type Lane, openCall, outcomeOf, type PoolCall } from "./pool-call.ts";
import { PoolCounters, type PoolListener } from "./pool-events.ts";
import type { PoolLimits } from "./pool-limits.ts";
import type { Reaper } from "./reaper.ts";
import { Staff } from "./staff.ts";
import { Standing } from "./standing.ts";
import { Waiting } from "./waiting.ts";
import type { Launch, Worker } from "./worker.ts";

export interface PoolOptions {
  limits: PoolLimits;
  /** Says how to start the server; called for each start. */
  prepare: () => Promise<Launch>;
  listener: PoolListener;
  /** What the process group of a child holds in memory, in bytes. */
  rssOf?: ((pid: number) => number) | undefined;
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
  readonly staff: Staff;
  readonly limits: PoolLimits;
  readonly #listener: PoolListener;
  readonly #asks = new OpenAsks();
  readonly #standing = new Standing();
  readonly #onStale: (what: "lists" | "server") => void;
  readonly #waiting = new Waiting();
  readonly #acquaintance = new Acquaintance();
  readonly #ledger: Ledger;
  #isStopping = false;

  constructor(options: PoolOptions) {
    this.limits = options.limits;
    this.#listener = options.listener;
    const answer = (message: Message): void => this.onMessage(message);
    this.#ledger = new Ledger(options.listener, this.counters, answer);
    this.#onStale = options.onStale ?? (() => undefined);
    const events = {
      onMessage: (worker: Worker, message: Message, context?: MessageContext) =>
        this.#fromChild(worker, message, context),
      onReady: (worker: Worker) => this.#welcome(worker),
      onGone: (worker: Worker, detail: string) => this.#farewell(worker, detail),
      onDropped: (worker: Worker, id: number | undefined, limitBytes: number) =>
        this.#failDropped(worker, id, limitBytes),
      onStartFailed: (lane: Lane | undefined, detail: string) => this.#refuseWaiting(detail, lane),
    };
    const { rssOf = () => 0 } = options;
    const { breaker, counters } = this;
    this.staff = new Staff({ ...options, rssOf, breaker, counters, events });
  }

  /** What the server said of itself, once some child has been ready. */
  get initializeResult(): InitializeResult | undefined {
    return this.#acquaintance.known;
  }

  get waitingCount(): number {
    return this.#waiting.count;
  }

  /** Lines of stdout that were no JSON-RPC, of the children that are there and of those that were. */
  get noiseCount(): number {
    const now = this.staff.list().reduce((sum, { child }) => sum + child.noiseCount, 0);
    return this.counters.noiseCount + now;
  }

  get hasSubscriptions(): boolean {
    return this.#standing.hasSubscriptions;
  }

  send(message: Message, caller?: Caller, client?: Client): void {
    if (isRequest(message)) this.#take(message, caller, client);
    else if (isResponse(message)) this.#asks.settle(message);
    else this.#notify(message, client);
  }

  leave(client: Client): void {
    const worker = this.staff.findOf(client);
    if (worker !== undefined) this.staff.retire(worker, "session_end");
  }

  /** Settles when a child has been ready once: with nothing, or with why none will be soon. */
  async whenKnown(): Promise<string | undefined> {
    if (this.initializeResult !== undefined) return undefined;
    if (this.breaker.isOpen) return `it keeps failing: ${this.breaker.lastReason}`;
    if (this.#acquaintance.curiousCount >= this.limits.queueLimitCount) {
      return `${this.limits.queueLimitCount} requests wait for its start already`;
    }
    const known = this.#acquaintance.wait();
    this.start();
    return known;
  }

  /** Starts a child when none runs. */
  start(): void {
    if (this.limits.policy === "shared") this.staff.ensure(undefined);
    // A session brings its own child; one for single requests shows whether the server starts at all.
    else if (this.initializeResult === undefined) this.staff.ensure("visitor");
  }

  /** Looks after limits and waiting calls; called about twice a second. */
  lookAfter(nowMs: number): void {
    const overdue = this.#waiting.takeOlderThan(nowMs - this.limits.queueLimitMs);
    for (const call of overdue) {
      this.#ledger.refuse(call, `no child was free within ${this.limits.queueLimitMs} ms`, 1000);
    }
    this.staff.lookAfter(nowMs, this.hasSubscriptions);
    this.#pump();
  }

  /** Puts another version of the server in the place of the one that runs. Calls in flight end where they began. */
  reload(): void {
    this.breaker.reset();
    this.staff.renew();
  }

  /** Refuses new calls, lets those in flight finish within their bound, then ends every child. */
  async close(): Promise<void> {
    this.#isStopping = true;
    this.#refuseWaiting("the gateway is stopping");
    await this.staff.close();
    this.onClose("it was stopped");
  }

  #take(request: Request, caller: Caller | undefined, client: Client | undefined): void {
    if (request.method === "initialize") {
      this.#answerInitialize(request.id);
      return;
    }
    this.#standing.note(request);
    // What the mux sends on behalf of nobody goes to every child, and nobody waits for the answer.
    if (typeof request.id === "string") {
      this.#broadcast(request);
      return;
    }
    const call = openCall(request, { client, caller, lane: this.#laneOf(client, caller) });
    const worker = this.#waiting.count === 0 ? this.#findWorker(call) : undefined;
    if (worker !== undefined) worker.run(call);
    else this.#enqueue(call);
  }

  /** Every child lists the same, so a list for nobody in particular needs none of its own. */
  #findWorker({ lane, request }: PoolCall): Worker | undefined {
    const own = this.staff.findFree(lane);
    const isList = typeof lane === "string" && request.method === "tools/list";
    return own ?? (isList ? this.staff.findReady() : undefined);
  }

  #laneOf(client: Client | undefined, caller: Caller | undefined): Lane | undefined {
    if (this.limits.policy === "shared") return undefined;
    return client?.isStaying ? client : `visitor ${caller?.principal ?? ""}`;
  }

  /** The handshake of a mux with this pool: whoever builds one waits for a first child. */
  #answerInitialize(id: RequestId): void {
    const known = this.initializeResult;
    if (known !== undefined) this.onMessage({ jsonrpc: "2.0", id, result: { ...known } });
    else this.onMessage(errorOf(id, rpcCode.serverError, "no child has been ready yet"));
  }

  #enqueue(call: PoolCall): void {
    const full = this.#waiting.count >= this.limits.queueLimitCount;
    if (this.#isStopping) this.#ledger.refuse(call, "the gateway is stopping", 5000);
    else if (this.breaker.isOpen) {
      this.#ledger.refuse(
        call,
        `it keeps failing: ${this.breaker.lastReason}`,
        this.breaker.waitMs(),
      );
    } else if (full) {
      this.#ledger.refuse(call, `${this.limits.queueLimitCount} calls wait for it already`, 1000);
    } else {
      this.#waiting.add(call);
      this.staff.ensure(call.lane);
    }
  }

  /** Hands waiting calls to children that are free, and starts children for those that find none. */
  #pump(): void {
    if (this.#waiting.count === 0) return;
    this.#waiting.drain((call) => {
      const worker = this.#findWorker(call);
      worker?.run(call);
      if (worker === undefined) this.staff.ensure(call.lane);
      return worker !== undefined;
    });
  }

  #notify(message: Notification, client: Client | undefined): void {
    if (message.method === "notifications/cancelled") this.#cancel(message);
    else if (message.method === "notifications/progress") this.#asks.progress(message);
    else if (client !== undefined && this.limits.policy === "per_session") {
      this.staff.findOf(client)?.send(message);
    } else this.#broadcast(message);
  }

  #broadcast(message: Message): void {
    for (const worker of this.staff.list()) if (worker.state === "ready") worker.send(message);
  }

  #cancel(message: Notification): void {
    // The mux numbers its requests.
    const id = message.params?.requestId as RequestId;
    const worker = this.staff.list().find((one) => one.calls.has(id));
    const call = worker?.calls.get(id) ?? this.#waiting.find(id);
    if (call === undefined) return;
    if (worker === undefined) this.#waiting.take(call);
    else {
      worker.take(id);
      worker.send(message);
    }
    this.#ledger.record(call, "cancelled", 0);
    this.#pump();
  }

  #fromChild(worker: Worker, message: Message, known?: MessageContext): void {
    if (isResponse(message)) this.#settle(worker, message);
    else if (isRequest(message)) {
      const context = known ?? worker.findContext();
      if (message.method !== "ping") this.#asks.open(worker, message);
      else {
        worker.send({ jsonrpc: "2.0", id: message.id, result: {} });
        return;
      }
      this.onMessage(message, context);
    } else if (message.method === "notifications/cancelled") {
      const withdrawn = this.#asks.withdraw(worker, message);
      if (withdrawn !== undefined) this.onMessage(withdrawn);
    } else {
      if (message.method.endsWith("/list_changed")) this.#onStale("lists");
      this.onMessage(message, worker.findContext());
    }
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
    if (this.#waiting.count > 0) this.#pump();
    this.staff.settle(worker);
  }

  #failDropped(worker: Worker, id: number | undefined, limitBytes: number): void {
    this.counters.droppedLineCount++;
    const call = worker.take(id ?? worker.findOnlyCall()?.id ?? null);
    if (call === undefined) return;
    this.#ledger.fail(call, `its answer is longer than ${limitBytes} bytes`);
    this.#pump();
    this.staff.settle(worker);
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
    this.#pump();
  }

  #farewell(worker: Worker, detail: string): void {
    this.counters.noiseCount += worker.child.noiseCount;
    for (const call of [...worker.calls.values()]) {
      worker.calls.delete(call.id);
      const reason = worker.endReason;
      this.#ledger.fail(call, `the server is gone: ${detail}`, { reason });
    }
    for (const message of this.#asks.drop(worker)) this.onMessage(message);
    if (!this.#isStopping) this.#pump();
  }

  #refuseWaiting(detail: string, lane?: Lane): void {
    const refused = this.#waiting.takeOf(lane);
    this.#acquaintance.tell(detail);
    for (const call of refused)
      this.#ledger.refuse(call, detail, Math.max(1000, this.breaker.waitMs()));
  }
}
