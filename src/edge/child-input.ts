import type { FileSink } from "bun";

/** The most bytes that wait for a child that does not read its stdin; then it is told to be busy. */
export const unreadInputLimitBytes: number = 16 * 1024 * 1024;

/** A child's stdin. Lines of one turn of the event loop leave in one write; what the pipe cannot take waits, bounded. */
export class ChildInput {
  readonly #sink: FileSink;
  readonly #limitBytes: number;
  #waiting = "";
  #waitingBytes = 0;
  #isBlocked = false;
  #isFlushPlanned = false;
  #isEnded = false;

  constructor(sink: FileSink, limitBytes: number = unreadInputLimitBytes) {
    this.#sink = sink;
    this.#limitBytes = limitBytes;
  }

  /** Whether one more message would go over the bound, because the child does not read. */
  get isFull(): boolean {
    return this.#waitingBytes >= this.#limitBytes;
  }

  /** Writes one line without its newline; returns its length in bytes. */
  write(line: string): number {
    const bytes = Buffer.byteLength(line) + 1;
    if (this.#isEnded) return bytes;
    // Gathered here and not in the sink: each write to the sink is a system call, even one that only gathers.
    this.#waiting += `${line}\n`;
    this.#waitingBytes += bytes;
    this.#planFlush();
    return bytes;
  }

  end(): void {
    if (this.#isEnded) return;
    if (!this.#isBlocked) this.#flush();
    this.#isEnded = true;
    this.#settle(this.#unlessBroken(() => this.#sink.end()));
  }

  /** Requests that have come together are each answered in a turn of microtasks of its own, so those end too early. */
  #planFlush(): void {
    if (this.#isFlushPlanned || this.#isBlocked) return;
    this.#isFlushPlanned = true;
    setImmediate(() => {
      this.#isFlushPlanned = false;
      if (!this.#isEnded && !this.#isBlocked) this.#flush();
    });
  }

  #flush(): void {
    if (this.#waiting === "") return;
    const lines = this.#waiting;
    this.#waiting = "";
    this.#waitingBytes = 0;
    const flushed = this.#unlessBroken(() => {
      const written = this.#sink.write(lines);
      return written instanceof Promise ? written : this.#sink.flush();
    });
    if (!(flushed instanceof Promise)) return;
    // The pipe is full.
    this.#isBlocked = true;
    this.#settle(flushed, () => {
      this.#isBlocked = false;
      if (!this.#isEnded) this.#flush();
    });
  }

  /** The sink throws at once where the pipe is known to be broken, and rejects where that shows later. */
  #unlessBroken(act: () => number | Promise<number>): number | Promise<number> {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EPIPE")) throw error;
      this.#isEnded = true;
      return 0;
    }
  }

  /** A child that has died breaks the pipe; its end is reported by its exit, not here. */
  #settle(written: number | Promise<number>, then: () => void = () => undefined): void {
    if (written instanceof Promise) written.then(then, () => undefined);
  }
}
