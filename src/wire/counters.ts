import type { Call } from "./calls.ts";

/** How a call ended. */
export type Outcome = "ok" | "error" | "cancelled";

/** Upper bounds of the duration histogram, in milliseconds. */
export const durationBoundsMs = [
  1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000,
] as const;

/**
 * The most methods that are counted by name; clients choose the names, so the rest share one line.
 */
const methodLimitCount = 50;

/** The durations of one method's calls. */
export interface Durations {
  /** Calls per bound of `durationBoundsMs`, and one more for those above the last. */
  readonly buckets: number[];
  sumMs: number;
  readonly outcomes: Record<Outcome, number>;
}

/** What `/metrics` tells about the calls of one server. */
export class Counters {
  readonly methods: Map<string, Durations> = new Map();
  refusedCount = 0;
  /** Answers for which nobody waits any more, on either side. */
  lateCount = 0;
  /** Messages of the server that could not be given to a client without guessing. */
  ownerlessCount = 0;

  ended(call: Call, outcome: Outcome): void {
    const durations = this.#of(call.method);
    const ms = performance.now() - call.startedAtMs;
    let index = 0;
    while (index < durationBoundsMs.length && ms > (durationBoundsMs[index] ?? 0)) index++;
    durations.buckets[index] = (durations.buckets[index] ?? 0) + 1;
    durations.sumMs += ms;
    durations.outcomes[outcome]++;
  }

  #of(method: string): Durations {
    const known = this.methods.get(method);
    if (known !== undefined) return known;
    if (this.methods.size >= methodLimitCount && method !== "other") return this.#of("other");
    const buckets = new Array<number>(durationBoundsMs.length + 1).fill(0);
    const durations = { buckets, sumMs: 0, outcomes: { ok: 0, error: 0, cancelled: 0 } };
    this.methods.set(method, durations);
    return durations;
  }
}
