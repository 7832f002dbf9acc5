import { type Due, findDue, findExcess } from "./due.ts";
import { noUsage, type Usage } from "./group-usage.ts";
import type { PoolListener } from "./pool-events.ts";
import type { PoolLimits } from "./pool-limits.ts";
import type { EndReason, Worker } from "./worker.ts";

export interface InspectorOptions {
  limits: PoolLimits;
  listener: PoolListener;
  /** What the process group of a child takes. */
  usageOf?: ((pid: number) => Usage) | undefined;
  /** Gives a child no more calls and ends it when it has answered those that it has. */
  retire: (worker: Worker, reason: EndReason) => void;
  /** Starts a successor and ends the child when that is ready. */
  replace: (worker: Worker, reason: EndReason) => void;
}

/** Looks which of its limits a child has reached, says so, and sees to what follows. */
export class Inspector {
  readonly #options: InspectorOptions;

  constructor(options: InspectorOptions) {
    this.#options = options;
  }

  inspect(worker: Worker, nowMs: number, isListenedTo: boolean): void {
    const { limits, usageOf } = this.#options;
    worker.usage = usageOf?.(worker.child.pid) ?? noUsage;
    const isFresh = worker.state === "ready" && worker.replacedFor === undefined;
    if (isFresh) void this.#checkStorage(worker);
    const due =
      findExcess(worker, limits) ??
      (isFresh ? findDue(worker, { limits, nowMs, isListenedTo }) : undefined);
    if (due !== undefined) this.#enforce(worker, due);
    else if (worker.state === "draining" && nowMs - worker.drainingSinceMs > limits.drainLimitMs) {
      void worker.child.close();
    }
  }

  async #checkStorage(worker: Worker): Promise<void> {
    const detail = await worker.launch.findExcess?.();
    if (detail === undefined || worker.state === "gone") return;
    this.#enforce(worker, { limit: "storage", detail, action: "kill" });
  }

  #enforce(worker: Worker, { limit, detail, action }: Due): void {
    const child = worker.child.pid;
    this.#options.listener.onEvent({ kind: "limit", child, limit, detail });
    if (action === "replace") this.#options.replace(worker, limit);
    else if (action === "stop") this.#options.retire(worker, limit);
    else {
      worker.endReason = limit;
      worker.state = "draining";
      worker.child.kill(detail);
    }
  }
}
