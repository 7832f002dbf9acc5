/** How often the wire looks after what waits: quiet calls, keep-alives, idle sessions. */
export const tickMs = 1000;

/** One timer for everything that waits; a timer per call would cost more than the call. */
export class Ticker {
  readonly #listeners = new Set<(nowMs: number) => void>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(everyMs: number = tickMs) {
    this.#timer = setInterval(() => this.tick(), everyMs);
    // It must never be the reason that a process stays alive.
    this.#timer.unref();
  }

  /** Calls `listener` on each tick until the returned function is called. */
  add(listener: (nowMs: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tick(): void {
    const nowMs = performance.now();
    for (const listener of this.#listeners) listener(nowMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }
}
