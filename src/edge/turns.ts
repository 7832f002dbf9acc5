import type { RequestId } from "../wire/message.ts";
import type { Breaker } from "./breaker.ts";
import type { Ledger } from "./ledger.ts";
import type { Lane, PoolCall } from "./pool-call.ts";
import type { PoolLimits } from "./pool-limits.ts";
import type { Roster } from "./roster.ts";
import type { Staff } from "./staff.ts";
import { Waiting } from "./waiting.ts";
import type { Worker } from "./worker.ts";

export interface TurnsOptions {
  roster: Roster;
  staff: Staff;
  ledger: Ledger;
  breaker: Breaker;
  limits: PoolLimits;
}

/** Calls on their way to a child: each is run at once, waits for its turn, or is refused. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #waiting = new Waiting();
  #isStopping = false;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** How many wait. */
  get count(): number {
    return this.#waiting.count;
  }

  take(call: PoolCall): void {
    const worker = this.#waiting.count === 0 ? this.#findWorker(call) : undefined;
    if (worker !== undefined) worker.run(call);
    else this.#enqueue(call);
  }

  /** Hands waiting calls to children that are free, and starts children for those that find none. */
  pump(): void {
    if (this.#waiting.count === 0 || this.#isStopping) return;
    this.#waiting.drain((call) => {
      const worker = this.#findWorker(call);
      worker?.run(call);
      if (worker === undefined) this.#options.staff.ensure(call.lane);
      return worker !== undefined;
    });
  }

  /** Takes out a call that waits. */
  withdraw(id: RequestId): PoolCall | undefined {
    const call = this.#waiting.find(id);
    if (call !== undefined) this.#waiting.take(call);
    return call;
  }

  /** Refuses what has waited too long. */
  refuseOverdue(nowMs: number): void {
    const { ledger, limits } = this.#options;
    for (const call of this.#waiting.takeOlderThan(nowMs - limits.queueLimitMs)) {
      ledger.refuse(call, `no child was free within ${limits.queueLimitMs} ms`, 1000);
    }
  }

  /** Refuses those of a lane that wait; all of them when nobody has a lane. */
  refuse(detail: string, lane?: Lane): void {
    const { ledger, breaker } = this.#options;
    for (const call of this.#waiting.takeOf(lane)) {
      ledger.refuse(call, detail, Math.max(1000, breaker.waitMs()));
    }
  }

  /** Refuses what waits and whatever comes from now on. */
  stop(): void {
    this.#isStopping = true;
    this.refuse(stopping);
  }

  /** Every child lists the same, so a list for nobody in particular needs none of its own. */
  #findWorker({ lane, request }: PoolCall): Worker | undefined {
    const { roster } = this.#options;
    const own = roster.findFree(lane);
    const isList = typeof lane === "string" && request.method === "tools/list";
    return own ?? (isList ? roster.findReady() : undefined);
  }

  #enqueue(call: PoolCall): void {
    const { ledger, breaker, limits, staff } = this.#options;
    if (this.#isStopping) ledger.refuse(call, stopping, 5000);
    else if (breaker.isOpen) {
      ledger.refuse(call, `it keeps failing: ${breaker.lastReason}`, breaker.waitMs());
    } else if (this.#waiting.count >= limits.queueLimitCount) {
      ledger.refuse(call, `${limits.queueLimitCount} calls wait for it already`, 1000);
    } else {
      this.#waiting.add(call);
      staff.ensure(call.lane);
    }
  }
}

const stopping = "the gateway is stopping";
