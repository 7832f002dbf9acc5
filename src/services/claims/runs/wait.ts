import type { ClaimsContext } from "../context.ts";
import { getRun } from "./read.ts";
import type { RunRow } from "./start.ts";

/** How often a waiting caller's run is looked at without being told to, in milliseconds. */
const lookMs = 2_000;

/**
 * Waits for the end of a run, wherever it is being worked on; returns it as it is when the limit has passed, the caller
 * has gone or the process is about to stop.
 */
export async function untilRunEnds(
  { database, bus }: ClaimsContext,
  run: RunRow,
  { signal, limitMs }: { signal: AbortSignal; limitMs: number },
): Promise<RunRow> {
  const over = AbortSignal.any([signal, bus.closing, AbortSignal.timeout(limitMs)]);
  const change = createChange();
  const unsubscribe = bus.subscribe(run.claimId, change.tell);
  try {
    for (;;) {
      const current = await getRun(database, run.claimId, run.id);
      if (current.state === "completed" || current.state === "failed" || over.aborted) {
        return current;
      }
      await change.next(over, lookMs);
    }
  } finally {
    unsubscribe();
  }
}

/** Something that may change: a change that comes while nobody waits is not forgotten. */
export function createChange() {
  let isTold = false;
  let wake: (() => void) | undefined;
  return {
    tell: () => {
      isTold = true;
      wake?.();
    },
    /** Settles with the next change, after the limit, or when the signal is aborted. */
    async next(signal: AbortSignal, limitMs: number): Promise<void> {
      if (!isTold && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, limitMs);
        const onAbort = () => resolve();
        signal.addEventListener("abort", onAbort, { once: true });
        await promise;
        signal.removeEventListener("abort", onAbort);
        clearTimeout(timer);
        wake = undefined;
      }
      isTold = false;
    },
  };
}
