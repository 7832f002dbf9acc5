import type { Request } from "../wire/message.ts";
import type { Worker } from "./worker.ts";

/** What clients have told the server once and a child that starts later has to know too. */
export class Standing {
  readonly #subscribed = new Set<string>();
  #logLevel: unknown;
  #lastId = 0;

  get hasSubscriptions(): boolean {
    return this.#subscribed.size > 0;
  }

  note({ method, params }: Request): void {
    const uri = String(params?.uri);
    if (method === "resources/subscribe") this.#subscribed.add(uri);
    else if (method === "resources/unsubscribe") this.#subscribed.delete(uri);
    else if (method === "logging/setLevel") this.#logLevel = params?.level;
  }

  /** Tells a new child. A child of one session hears it from its own client. */
  restore(worker: Worker): void {
    if (worker.lane !== undefined) return;
    for (const uri of this.#subscribed) this.#tell(worker, "resources/subscribe", { uri });
    if (this.#logLevel !== undefined) {
      this.#tell(worker, "logging/setLevel", { level: this.#logLevel });
    }
  }

  #tell(worker: Worker, method: string, params: Record<string, unknown>): void {
    worker.send({ jsonrpc: "2.0", id: `standing-${++this.#lastId}`, method, params });
  }
}
