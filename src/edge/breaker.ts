/** How long the first restart waits, in milliseconds; each further one waits twice as long. */
const firstDelayMs = 50;
/** The longest wait between restarts, in milliseconds. */
const delayLimitMs = 10_000;
/** After so many failures without one answered call between them, nothing is started for `openMs`. */
export const failureLimitCount = 5;
/** How long nothing is started then, in milliseconds; after that, one start is tried. */
const openMs = 30_000;

/** Decides when a server that keeps failing may be started again. */
export class Breaker {
  #failureCount = 0;
  #retryAtMs = 0;
  #lastReason = "";

  /** Why the last start or run has failed. */
  get lastReason(): string {
    return this.#lastReason;
  }

  get isOpen(): boolean {
    return this.#failureCount >= failureLimitCount && this.waitMs() > 0;
  }

  /** How long to wait before the next start, in milliseconds. */
  waitMs(): number {
    return Math.max(0, this.#retryAtMs - performance.now());
  }

  succeeded(): void {
    this.#failureCount = 0;
  }

  failed(reason: string): void {
    this.#failureCount++;
    this.#lastReason = reason;
    const backoffMs = Math.min(delayLimitMs, firstDelayMs * 2 ** (this.#failureCount - 1));
    const isOpen = this.#failureCount >= failureLimitCount;
    this.#retryAtMs = performance.now() + (isOpen ? openMs : backoffMs);
  }

  /** Someone has changed the server, so what was is no sign of what will be. */
  reset(): void {
    this.#failureCount = 0;
    this.#retryAtMs = 0;
  }
}
