/** The longest line that is read, in bytes: what the MCP SDK's own stdio buffer holds. */
export const lineLimitBytes: number = 10 * 1024 * 1024;

const newline = 0x0a;
const carriageReturn = 0x0d;
const firstBufferBytes = 4096;
/** What is kept of each end of a line that was dropped, in bytes. */
const endBytes = 256;

/** What the framer found: a line, or that a line was longer than the bound and was dropped. */
export interface LineEvents {
  onLine(line: Uint8Array): void;
  onTooLong?(limitBytes: number): void;
  /** The dropped line has ended; its first and last bytes may tell whose it was. */
  onDropped?(head: Uint8Array, tail: Uint8Array, limitBytes: number): void;
}

/**
 * Cuts a byte stream into lines. A line over the bound is dropped up to its newline and reported
 * once, so a peer that never writes a newline costs a bounded amount of memory and the next line is
 * read as usual.
 */
export class LineFramer {
  readonly #events: LineEvents;
  readonly #limitBytes: number;
  /**
   * The start of a line whose end has not come yet: one growing buffer, however small the chunks
   * are.
   */
  #held = new Uint8Array(0);
  #heldBytes = 0;
  #isDropping = false;
  #head = new Uint8Array(0);
  #tail = new Uint8Array(0);

  constructor(events: LineEvents, limitBytes: number = lineLimitBytes) {
    this.#events = events;
    this.#limitBytes = limitBytes;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#finish(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start));
  }

  /** The stream has ended; a last line without newline still counts. */
  end(): void {
    this.#finish(new Uint8Array(0));
  }

  #finish(rest: Uint8Array): void {
    if (this.#isDropping || this.#heldBytes > 0 || rest.length > this.#limitBytes) this.#hold(rest);
    const line = this.#heldBytes > 0 ? this.#held.subarray(0, this.#heldBytes) : rest;
    const isDropped = this.#isDropping;
    this.#isDropping = false;
    this.#heldBytes = 0;
    // The reader of the line may keep it, so a held buffer is never used twice.
    this.#held = new Uint8Array(0);
    if (isDropped) {
      this.#events.onDropped?.(this.#head, this.#tail, this.#limitBytes);
      return;
    }
    const length = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
    if (length > 0) this.#events.onLine(line.subarray(0, length));
  }

  #hold(part: Uint8Array): void {
    if (this.#isDropping) {
      this.#tail = Buffer.concat([this.#tail, part.subarray(-endBytes)]).subarray(-endBytes);
      return;
    }
    const neededBytes = this.#heldBytes + part.length;
    if (neededBytes > this.#limitBytes) {
      this.#isDropping = true;
      this.#head = Buffer.concat([
        this.#held.subarray(0, Math.min(this.#heldBytes, endBytes)),
        part.subarray(0, endBytes),
      ]).subarray(0, endBytes);
      this.#tail = Buffer.from(part.subarray(-endBytes));
      this.#held = new Uint8Array(0);
      this.#heldBytes = 0;
      this.#events.onTooLong?.(this.#limitBytes);
      return;
    }
    if (neededBytes > this.#held.length) this.#grow(neededBytes);
    this.#held.set(part, this.#heldBytes);
    this.#heldBytes = neededBytes;
  }

  #grow(neededBytes: number): void {
    const grown = new Uint8Array(Math.max(neededBytes, 2 * this.#held.length, firstBufferBytes));
    grown.set(this.#held.subarray(0, this.#heldBytes));
    this.#held = grown;
  }
}
