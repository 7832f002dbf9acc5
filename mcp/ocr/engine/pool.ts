import { limits } from "./limits.ts";
import type { Outcome } from "./page-worker.ts";
import { PageWorker } from "./page-worker.ts";
import type { Results, Task } from "./protocol.ts";
import { Refusal } from "./refusal.ts";

/** How a pool is made. */
export interface PoolOptions {
  /** Threads at most; they are started when there is work for them. */
  workers: number;
  languagesFolder: string;
  /** How long one task may take, in milliseconds. */
  taskMs?: number;
  onTrouble(trouble: { reason: string; isRetried: boolean }): void;
}

interface Job {
  task: Task;
  signal: AbortSignal;
  tries: number;
  resolve(result: Results[Task["kind"]]): void;
  reject(error: unknown): void;
}

/** A crashed or stuck worker is replaced, and its task is tried once more. */
const triesLimit = 2;

/** Threads that do tasks in the order in which they come. The callers bound how many wait. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #waiting: Job[] = [];
  readonly #idle: PageWorker[] = [];
  readonly #all = new Set<PageWorker>();
  #busy = 0;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#options.workers;
  }

  /** Threads at work and tasks that wait, for the health check. */
  get load(): { busy: number; waiting: number } {
    return { busy: this.#busy, waiting: this.#waiting.length };
  }

  /**
   * Runs a task on the next free thread.
   * @throws Refusal when the document is at fault or its page got stuck twice; the signal's reason when it is aborted,
   * and then the work has ended: the thread in which it ran is gone.
   */
  run<T extends Task>(task: T, signal: AbortSignal): Promise<Results[T["kind"]]> {
    const { promise, resolve, reject } = Promise.withResolvers<Results[T["kind"]]>();
    if (signal.aborted) return Promise.reject(signal.reason);
    // The worker answers each kind of task with that kind's result.
    const settle = resolve as Job["resolve"];
    const job: Job = { task, signal, tries: 0, resolve: settle, reject };
    const leave = () => {
      const place = this.#waiting.indexOf(job);
      if (place < 0) return;
      this.#waiting.splice(place, 1);
      reject(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#waiting.push(job);
    this.#startNext();
    return promise.finally(() => signal.removeEventListener("abort", leave));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#waiting.splice(0)) job.reject(new Error("the pool is closed"));
    await Promise.all([...this.#all].map((worker) => worker.end()));
  }

  #startNext(): void {
    while (!this.#isClosed && this.#waiting.length > 0 && this.#busy < this.#options.workers) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      const worker = this.#idle.pop() ?? this.#hire();
      this.#busy++;
      void this.#do(job, worker).finally(() => {
        this.#busy--;
        this.#startNext();
      });
    }
  }

  #hire(): PageWorker {
    const worker = new PageWorker(this.#options.languagesFolder);
    this.#all.add(worker);
    return worker;
  }

  async #dismiss(worker: PageWorker): Promise<void> {
    await worker.end();
    this.#all.delete(worker);
  }

  async #do(job: Job, worker: PageWorker): Promise<void> {
    job.tries++;
    const ended = await this.#outcome(job, worker);
    if ("result" in ended || "refusal" in ended) {
      if (ended.heapBytes > limits.keptHeapBytes) await this.#dismiss(worker);
      else this.#idle.push(worker);
      if ("result" in ended) job.resolve(ended.result);
      else job.reject(new Refusal(ended.refusal.code, ended.refusal.message));
      return;
    }
    await this.#dismiss(worker);
    if ("aborted" in ended) job.reject(job.signal.reason);
    else this.#retry(job, "bug" in ended ? ended.bug : ended.died);
  }

  #retry(job: Job, reason: string): void {
    const isRetried = job.tries < triesLimit && !this.#isClosed && !job.signal.aborted;
    this.#options.onTrouble({ reason, isRetried });
    if (isRetried) this.#waiting.unshift(job);
    else job.reject(new Refusal("stuck", "the page could not be read in two tries"));
  }

  /** The worker's outcome, unless the caller leaves or the time is up before it. */
  async #outcome({ task, signal }: Job, worker: PageWorker): Promise<Outcome | { aborted: true }> {
    const taskMs = this.#options.taskMs ?? limits.pageMs;
    const left = Promise.withResolvers<{ aborted: true } | { died: string }>();
    const timer = setTimeout(() => left.resolve({ died: `no answer in ${taskMs} ms` }), taskMs);
    const leave = () => left.resolve({ aborted: true });
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    return Promise.race([worker.run(task), left.promise]).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
    });
  }
}
