import type { FileSink } from "bun";

/** The most bytes that wait for a child that does not read its stdin; then it is told to be busy. */
export const unreadInputLimitBytes: number = 16 * 1024 * 1024;

/** A child's stdin. Lines that are ready together leave in one write; what the pipe cannot take waits, bounded. */
export class ChildInput {
  readonly #sink: FileSink;
  readonly #limitBytes: number;
  readonly #waiting: string[] = [];
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
    if (this.#isBlocked) {
      this.#waiting.push(line);
      this.#waitingBytes += bytes;
      return bytes;
    }
    this.#put(line);
    return bytes;
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#settle(this.#sink.end());
  }

  #put(line: string): void {
    const written = this.#sink.write(`${line}\n`);
    if (written instanceof Promise) this.#wait(written);
    else this.#planFlush();
  }

  #planFlush(): void {
    if (this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    queueMicrotask(() => {
      this.#isFlushPlanned = false;
      if (this.#isEnded || this.#isBlocked) return;
      const flushed = this.#sink.flush();
      if (flushed instanceof Promise) this.#wait(flushed);
    });
  }

  /** The pipe is full. */
  #wait(written: Promise<number>): void {
    this.#isBlocked = true;
    this.#settle(written, () => {
      this.#isBlocked = false;
      // One write for all that has gathered; it may block again.
      const lines = this.#waiting.splice(0);
      this.#waitingBytes = 0;
      if (lines.length > 0 && !this.#isEnded) this.#put(lines.join("\n"));
    });
  }

  /** A child that has died breaks the pipe; its end is reported by its exit, not here. */
  #settle(written: number | Promise<number>, then: () => void = () => undefined): void {
    if (written instanceof Promise) written.then(then, () => undefined);
  }
}
