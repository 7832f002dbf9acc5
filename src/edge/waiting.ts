import type { RequestId } from "../wire/message.ts";
import type { Lane, PoolCall } from "./pool-call.ts";

/** Calls that wait for a child, oldest first. They may be taken out while somebody goes through them. */
export class Waiting {
  readonly #calls = new Set<PoolCall>();

  get count(): number {
    return this.#calls.size;
  }

  add(call: PoolCall): void {
    this.#calls.add(call);
  }

  /** False when it was taken out already. */
  take(call: PoolCall): boolean {
    return this.#calls.delete(call);
  }

  find(id: RequestId): PoolCall | undefined {
    for (const call of this.#calls) if (call.id === id) return call;
    return undefined;
  }

  /** Takes out those of a lane; all of them when nobody has a lane. */
  takeOf(lane: Lane | undefined): PoolCall[] {
    return this.#takeWhere((call) => lane === undefined || call.lane === lane);
  }

  takeOlderThan(queuedAtMs: number): PoolCall[] {
    return this.#takeWhere((call) => call.queuedAtMs < queuedAtMs);
  }

  /**
   * Hands calls to whoever `run` finds for them. Once there is nobody for a call, later ones of its lane are not tried, so
   * that they keep their order.
   */
  drain(run: (call: PoolCall) => boolean): void {
    const full = new Set<Lane | undefined>();
    for (const call of this.#calls) {
      if (full.has(call.lane)) continue;
      if (run(call)) this.#calls.delete(call);
      else full.add(call.lane);
    }
  }

  #takeWhere(matches: (call: PoolCall) => boolean): PoolCall[] {
    const taken = [...this.#calls].filter(matches);
    for (const call of taken) this.#calls.delete(call);
    return taken;
  }
}
