import { workerUrl } from "../../../src/core/built.ts";
import { compiledEngine } from "./compiled.ts";
import { haltWasm } from "./halt.ts";
import { limits } from "./limits.ts";
import type { FromWorker, MemoryPlace, Reply, Task, ToWorker } from "./protocol.ts";

/** How a task ended: with the worker's answer, or with the worker's end. */
export type Outcome = Reply | { died: string };

/** One thread that reads pages, as the pool holds it. It does one task at a time. */
export class PageWorker {
  readonly #worker: Worker;
  readonly #closed = Promise.withResolvers<void>();
  readonly #memories: MemoryPlace[] = [];
  #finish: ((outcome: Outcome) => void) | undefined;

  /** @param languagesFolder Where further language data lies; empty for none. */
  constructor(languagesFolder: string) {
    this.#worker = new Worker(workerUrl(new URL("./page.worker.ts", import.meta.url)));
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    this.#worker.onerror = ({ message }) => this.#die(message);
    this.#worker.addEventListener("close", () => {
      this.#closed.resolve();
      this.#die("it ended");
    });
    this.#post({ languagesFolder });
    void this.#share();
  }

  /** Runs one task; never rejects. */
  run(task: Task): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#finish = resolve;
    this.#post({ task });
    return promise;
  }

  /** Ends the thread, whatever it is doing; false when it still runs, which only its own end can change then. */
  async end(): Promise<boolean> {
    this.#worker.terminate();
    if (await this.#closesWithin(limits.endMs)) return true;
    haltWasm(this.#memories);
    return this.#closesWithin(limits.endMs);
  }

  async #closesWithin(ms: number): Promise<boolean> {
    const timeout = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => timeout.resolve(false), ms);
    const closed = this.#closed.promise.then(() => true);
    return Promise.race([closed, timeout.promise]).finally(() => clearTimeout(timer));
  }

  #receive(message: FromWorker): void {
    if ("address" in message) {
      this.#memories.push(message);
      return;
    }
    const finish = this.#finish;
    this.#finish = undefined;
    finish?.(message);
  }

  #die(reason: string): void {
    const finish = this.#finish;
    this.#finish = undefined;
    finish?.({ died: reason });
  }

  /** Compiled code is shared by all threads: compiling it in each took as long as reading two pages. */
  async #share(): Promise<void> {
    await Promise.all(
      (["pdfium", "core"] as const).map(async (engine) =>
        this.#post({ engine, compiled: await compiledEngine(engine) }),
      ),
    );
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
