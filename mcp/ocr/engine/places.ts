/** A bounded number of places, given in the order in which they are asked for. */
export class Places {
  #free: number;
  readonly #waitingLimit: number;
  readonly #heldLimitBytes: number;
  #heldBytes = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: { places: number; waitingLimit: number; heldLimitBytes: number }) {
    this.#free = options.places;
    this.#waitingLimit = options.waitingLimit;
    this.#heldLimitBytes = options.heldLimitBytes;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether one more, which holds so many bytes while it waits, is too many. */
  isFull(heldBytes: number): boolean {
    if (this.#free > 0) return false;
    const isOver = heldBytes > 0 && this.#heldBytes + heldBytes > this.#heldLimitBytes;
    return isOver || this.#waiting.length >= this.#waitingLimit;
  }

  /** Does the work as soon as there is a place for it. @throws the signal's reason when it is aborted before. */
  async use<Value>(
    { signal, heldBytes }: { signal: AbortSignal; heldBytes: number },
    work: () => Promise<Value>,
  ): Promise<Value> {
    this.#heldBytes += heldBytes;
    await this.#take(signal).finally(() => {
      this.#heldBytes -= heldBytes;
    });
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  async #take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => {
      const place = this.#waiting.indexOf(enter);
      if (place >= 0) this.#waiting.splice(place, 1);
      reject(signal.reason);
    };
    const enter = () => {
      signal.removeEventListener("abort", leave);
      resolve();
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#waiting.push(enter);
    await promise;
  }
}
