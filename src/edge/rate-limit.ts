/** Lets through so many calls a minute: a full minute's worth at once, then one by one as time passes. */
export class RateLimit {
  readonly #perMinute: number;
  readonly #now: () => number;
  #tokens: number;
  #filledAtMs: number;

  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.#perMinute = perMinute;
    this.#now = now;
    this.#tokens = perMinute;
    this.#filledAtMs = now();
  }

  /** Takes one call; returns 0, or how long to wait, in milliseconds. */
  take(): number {
    const nowMs = this.#now();
    const grown = ((nowMs - this.#filledAtMs) / 60_000) * this.#perMinute;
    this.#tokens = Math.min(this.#perMinute, this.#tokens + grown);
    this.#filledAtMs = nowMs;
    if (this.#tokens >= 1) {
      this.#tokens--;
      return 0;
    }
    return Math.ceil(((1 - this.#tokens) / this.#perMinute) * 60_000);
  }
}
