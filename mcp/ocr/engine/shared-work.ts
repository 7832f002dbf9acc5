/** Keeps results by key within a byte bound, and lets callers of the same key share one piece of work. */
export class SharedWork<Value> {
  readonly #limitBytes: number;
  readonly #sizeOf: (value: Value) => number;
  /** In order of use, the least recently used first. */
  readonly #kept = new Map<string, { value: Value; bytes: number }>();
  readonly #running = new Map<string, Running<Value>>();
  #bytes = 0;

  constructor(options: { limitBytes: number; sizeOf: (value: Value) => number }) {
    this.#limitBytes = options.limitBytes;
    this.#sizeOf = options.sizeOf;
  }

  get keptBytes(): number {
    return this.#bytes;
  }

  /**
   * The kept value of a key, or what `work` gives for it. The signal that `work` is handed is aborted when the last
   * caller that waits for it has left.
   * @throws the signal's reason when the caller leaves, and whatever the work throws; failures are not kept.
   */
  async get(
    key: string,
    work: (signal: AbortSignal) => Promise<Value>,
    signal: AbortSignal,
  ): Promise<Value> {
    signal.throwIfAborted();
    const kept = this.#kept.get(key);
    if (kept) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept.value;
    }
    const running = this.#running.get(key) ?? this.#start(key, work);
    return waitFor(running, signal, () => {
      if (running.users === 0 && this.#running.get(key) === running) this.#running.delete(key);
    });
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<Value>): Running<Value> {
    const controller = new AbortController();
    const running: Running<Value> = { promise: work(controller.signal), users: 0, controller };
    this.#running.set(key, running);
    running.promise.then(
      (value) => this.#finish(key, running, value),
      () => this.#forget(key, running),
    );
    return running;
  }

  #finish(key: string, running: Running<Value>, value: Value): void {
    this.#forget(key, running);
    const bytes = this.#sizeOf(value);
    if (bytes > this.#limitBytes) return;
    this.#kept.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#kept) {
      if (this.#bytes <= this.#limitBytes) return;
      this.#kept.delete(oldest);
      this.#bytes -= freed;
    }
  }

  #forget(key: string, running: Running<Value>): void {
    if (this.#running.get(key) === running) this.#running.delete(key);
  }
}

interface Running<Value> {
  promise: Promise<Value>;
  users: number;
  controller: AbortController;
}

async function waitFor<Value>(
  running: Running<Value>,
  signal: AbortSignal,
  onLeft: () => void,
): Promise<Value> {
  running.users++;
  const left = Promise.withResolvers<never>();
  const leave = () => left.reject(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([running.promise, left.promise]);
  } finally {
    signal.removeEventListener("abort", leave);
    running.users--;
    if (running.users === 0) {
      // Harmless after the work has ended; before, it ends what nobody waits for.
      onLeft();
      running.controller.abort(signal.reason);
    }
  }
}
