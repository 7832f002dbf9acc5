import type { Message } from "../wire/message.ts";
import type { Lane } from "./pool-call.ts";
import type { Worker } from "./worker.ts";

/** The children that there are, and which of them has room for a call. */
export class Roster {
  readonly #workers = new Set<Worker>();
  /** The most calls that one child works on at once. */
  readonly #concurrencyCount: number;

  constructor(concurrencyCount: number) {
    this.#concurrencyCount = concurrencyCount;
  }

  get count(): number {
    return this.#workers.size;
  }

  /** Those that work or will, without the ones that are to take another's place. */
  get activeCount(): number {
    let count = 0;
    for (const { state, replaces } of this.#workers) {
      if (replaces === undefined && (state === "ready" || state === "starting")) count++;
    }
    return count;
  }

  /** Lines of their stdout that were no JSON-RPC. */
  get noiseCount(): number {
    let count = 0;
    for (const { child } of this.#workers) count += child.noiseCount;
    return count;
  }

  add(worker: Worker): void {
    this.#workers.add(worker);
  }

  remove(worker: Worker): void {
    this.#workers.delete(worker);
  }

  list(): Worker[] {
    return [...this.#workers];
  }

  findOf(lane: Lane): Worker | undefined {
    for (const worker of this.#workers) if (worker.lane === lane) return worker;
    return undefined;
  }

  /** The ready child with the fewest calls, if one has room. */
  findFree(lane: Lane | undefined): Worker | undefined {
    // One call at a time where nobody could say whose question a child asks.
    const limitCount = typeof lane === "string" ? 1 : this.#concurrencyCount;
    let free: Worker | undefined;
    for (const worker of this.#workers) {
      if (worker.state !== "ready" || worker.lane !== lane || worker.child.isFull) continue;
      if (worker.calls.size >= limitCount) continue;
      if (free === undefined || worker.calls.size < free.calls.size) free = worker;
    }
    return free;
  }

  /** Any child that answers. */
  findReady(): Worker | undefined {
    for (const worker of this.#workers) if (worker.state === "ready") return worker;
    return undefined;
  }

  /** A child that no session needs and that has nothing to do. */
  findIdleVisitor(): Worker | undefined {
    for (const worker of this.#workers) {
      if (worker.state === "ready" && typeof worker.lane === "string" && worker.isIdle)
        return worker;
    }
    return undefined;
  }

  /** Sends a message to every child that is ready. */
  broadcast(message: Message): void {
    for (const worker of this.#workers) if (worker.state === "ready") worker.send(message);
  }
}
