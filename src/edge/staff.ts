import type { MessageContext } from "../wire/channel.ts";
import type { Message } from "../wire/message.ts";
import type { Breaker } from "./breaker.ts";
import type { Usage } from "./group-usage.ts";
import { Inspector } from "./inspector.ts";
import { isGone, type Lane } from "./pool-call.ts";
import { eventOf, failureOf, type PoolCounters, type PoolListener } from "./pool-events.ts";
import type { PoolLimits } from "./pool-limits.ts";
import type { Reaper } from "./reaper.ts";
import type { Roster } from "./roster.ts";
import { type EndReason, type Launch, Worker } from "./worker.ts";

/** How long calls wait for a restart, in milliseconds; when it is further away they are refused at once. */
const patienceMs = 2_000;

/** What a pool is told of its children. */
export interface StaffEvents {
  onMessage(worker: Worker, message: Message, context?: MessageContext): void;
  onReady(worker: Worker): void;
  onGone(worker: Worker, detail: string): void;
  onDropped(worker: Worker, id: number | undefined, limitBytes: number): void;
  /** No child will come soon for the calls that wait. */
  onStartFailed(lane: Lane | undefined, detail: string): void;
}

export interface StaffOptions {
  /** Where its children are kept. */
  roster: Roster;
  prepare: () => Promise<Launch>;
  limits: PoolLimits;
  breaker: Breaker;
  counters: PoolCounters;
  listener: PoolListener;
  /** What the process group of a child takes. */
  usageOf?: ((pid: number) => Usage) | undefined;
  /** Ends the children when this process cannot. */
  reaper?: Reaper | undefined;
  events: StaffEvents;
}

/** The children of one pool: who is started, who replaces whom, and why each of them ends. */
export class Staff {
  readonly #options: StaffOptions;
  readonly #inspector: Inspector;
  /** Whose child is being prepared; one at a time for each lane. */
  readonly #launching = new Set<Lane | undefined>();
  readonly #planned = new Map<Lane | undefined, ReturnType<typeof setTimeout>>();
  #generation = 1;
  #isStopping = false;
  #onEmpty: () => void = () => undefined;

  constructor(options: StaffOptions) {
    this.#options = options;
    this.#inspector = new Inspector({
      ...options,
      retire: (worker, reason) => this.retire(worker, reason),
      replace: (worker, reason) => this.#replace(worker, reason),
    });
  }

  get generation(): number {
    return this.#generation;
  }

  /** Starts a child for a lane that has work, unless one is on its way or the bounds forbid it. */
  ensure(lane: Lane | undefined): void {
    if (this.#isStopping || this.#launching.has(lane) || this.#planned.has(lane)) return;
    if (isGone(lane)) return;
    const own = this.#options.roster
      .list()
      .filter((one) => one.lane === lane && one.state !== "draining");
    if (own.some((one) => one.state === "starting" && one.replaces === undefined)) return;
    // A session has one child; calls without one may have several, as each may wait for its client.
    if (
      typeof lane === "object" ? own.length > 0 : this.#options.roster.findFree(lane) !== undefined
    )
      return;
    if (
      this.#options.roster.activeCount + this.#launching.size >=
        this.#options.limits.childLimitCount &&
      !this.#evict()
    )
      return;
    const waitMs = this.#options.breaker.waitMs();
    if (waitMs > 0) this.#plan(lane, waitMs);
    else void this.#launch(lane);
    if (waitMs > patienceMs) {
      const { breaker, events } = this.#options;
      events.onStartFailed(lane, `it keeps failing: ${breaker.lastReason}`);
    }
  }

  /** Gives a child no more calls, and ends it when it has answered those that it has. */
  retire(worker: Worker, reason: EndReason): void {
    if (worker.state === "draining" || worker.state === "gone") return;
    worker.endReason = reason;
    worker.state = "draining";
    worker.drainingSinceMs = performance.now();
    this.settle(worker);
  }

  /** A child has answered a call: it may be due to end. */
  settle(worker: Worker): void {
    if (worker.state === "draining" && worker.isIdle) void worker.child.close();
  }

  /** Another version is to run: shared children are replaced, those of sessions end with their sessions. */
  renew(): void {
    this.#generation++;
    for (const worker of this.#options.roster.list()) {
      if (worker.lane === undefined) this.#replace(worker, "reload");
      else if (typeof worker.lane === "string") this.retire(worker, "reload");
    }
  }

  lookAfter(nowMs: number, isListenedTo: boolean): void {
    for (const worker of this.#options.roster.list())
      this.#inspector.inspect(worker, nowMs, isListenedTo);
  }

  /** Ends every child; calls in flight get the time that the limits grant. */
  async close(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#planned.values()) clearTimeout(timer);
    this.#planned.clear();
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    for (const worker of this.#options.roster.list()) this.retire(worker, "stop");
    this.#checkEmpty();
    const limit = setTimeout(() => {
      for (const worker of this.#options.roster.list()) void worker.child.close();
    }, this.#options.limits.drainLimitMs);
    await empty;
    clearTimeout(limit);
  }

  /** Makes room by ending a child that no session needs. */
  #evict(): boolean {
    const idle = this.#options.roster.findIdleVisitor();
    if (idle !== undefined) this.retire(idle, "idle");
    return idle !== undefined;
  }

  #plan(lane: Lane | undefined, waitMs: number): void {
    if (this.#planned.has(lane) || this.#isStopping) return;
    const timer = setTimeout(() => {
      this.#planned.delete(lane);
      this.ensure(lane);
    }, waitMs);
    timer.unref();
    this.#planned.set(lane, timer);
  }

  /** Starts a successor; the old child goes on until the successor is ready. A session's child has none. */
  #replace(worker: Worker, reason: EndReason): void {
    if (worker.lane !== undefined) {
      this.retire(worker, reason);
      return;
    }
    if (worker.state === "draining" || worker.replacedFor !== undefined) return;
    worker.replacedFor = reason;
    void this.#launch(undefined, worker);
  }

  async #launch(lane: Lane | undefined, replaces?: Worker): Promise<void> {
    const { prepare, counters, limits, listener, events, reaper } = this.#options;
    const generation = this.#generation;
    if (replaces === undefined) this.#launching.add(lane);
    counters.startCount++;
    try {
      const launch = await prepare();
      const worker = new Worker({
        launch,
        lane,
        generation,
        replaces,
        limits,
        reaper,
        events: {
          onMessage: events.onMessage,
          onDropped: events.onDropped,
          onReady: (one) => this.#onReady(one),
          onGone: (one, detail) => this.#onGone(one, detail),
          onStderr: (child, line) => listener.onEvent({ kind: "stderr", child, line }),
          onRefusal: (child, what) => listener.onEvent(eventOf.blocked(child, what, counters)),
        },
      });
      this.#options.roster.add(worker);
      listener.onEvent(eventOf.boot(worker));
      if (this.#isStopping) this.retire(worker, "stop");
      // Its client has left while it was being prepared.
      else if (isGone(lane)) this.retire(worker, "session_end");
    } catch (error) {
      this.#startFailed({ lane, replaces }, error);
    }
    if (replaces === undefined) this.#launching.delete(lane);
    this.#checkEmpty();
  }

  #onReady(worker: Worker): void {
    if (worker.state !== "starting") return;
    worker.state = "ready";
    const { generation, replaces } = worker;
    this.#options.listener.onEvent(eventOf.ready(worker));
    this.#options.events.onReady(worker);
    worker.replaces = undefined;
    if (replaces !== undefined) this.retire(replaces, replaces.replacedFor ?? "reload");
    // The bundle has changed once more while this one was starting.
    if (generation < this.#generation) this.#replace(worker, "reload");
  }

  #onGone(worker: Worker, detail: string): void {
    const wasStarting = worker.state === "starting";
    worker.state = "gone";
    worker.endReason ??= wasStarting ? "start" : "crash";
    const reason = worker.endReason;
    this.#options.roster.remove(worker);
    this.#options.counters.endings[reason]++;
    this.#options.listener.onEvent(eventOf.exit(worker, reason, detail));
    void Promise.resolve(worker.launch.dispose?.());
    this.#options.events.onGone(worker, detail);
    if (reason === "start") this.#startFailed(worker, detail);
    else if (reason === "crash") {
      this.#options.breaker.failed(detail);
      // A shared child is kept warm: it comes back without being called.
      if (worker.lane === undefined) this.#plan(undefined, this.#options.breaker.waitMs());
    }
    this.#checkEmpty();
  }

  #startFailed({ lane, replaces }: Pick<Worker, "lane" | "replaces">, failure: unknown): void {
    const { breaker, counters, listener, events } = this.#options;
    const told = failureOf(failure);
    counters.startFailureCount++;
    breaker.failed(told.detail);
    listener.onEvent({ kind: "start_failed", ...told, nextTryMs: Math.ceil(breaker.waitMs()) });
    if (replaces !== undefined) {
      // The old version goes on; a limit that it has reached is looked at again.
      replaces.replacedFor = undefined;
      return;
    }
    events.onStartFailed(lane, told.detail);
    if (lane === undefined) this.#plan(undefined, breaker.waitMs());
  }

  #checkEmpty(): void {
    if (this.#options.roster.count === 0 && this.#launching.size === 0) this.#onEmpty();
  }
}
