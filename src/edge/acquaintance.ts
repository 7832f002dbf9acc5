import type { InitializeResult } from "../wire/peer.ts";
import type { Worker } from "./worker.ts";

/** What follows from a child that has introduced itself. */
export interface Met {
  /** What somebody may have kept and has to ask again. */
  stale: "nothing" | "lists" | "server";
  /** It runs another version than the children before it. */
  isNewVersion: boolean;
}

/** What is known of a server from its children, and who waits to hear of it. */
export class Acquaintance {
  #known: InitializeResult | undefined;
  #generation = 0;
  readonly #curious: ((reason: string | undefined) => void)[] = [];

  /** What the child that was ready last said of the server. */
  get known(): InitializeResult | undefined {
    return this.#known;
  }

  get curiousCount(): number {
    return this.#curious.length;
  }

  /** Settles with nothing when a child is ready, or with why none will be soon. */
  wait(): Promise<string | undefined> {
    return new Promise((resolve) => this.#curious.push(resolve));
  }

  meet(worker: Worker): Met {
    const before = JSON.stringify(this.#known);
    const isNewVersion = this.#generation > 0 && worker.generation > this.#generation;
    this.#known = worker.initializeResult;
    this.#generation = worker.generation;
    this.tell(undefined);
    if (before === undefined) return { stale: "nothing", isNewVersion };
    if (before !== JSON.stringify(this.#known)) return { stale: "server", isNewVersion };
    // A session's child is one more of the same; a shared one follows another and may list something else.
    const mayDiffer = worker.lane === undefined || isNewVersion;
    return { stale: mayDiffer ? "lists" : "nothing", isNewVersion };
  }

  tell(reason: string | undefined): void {
    for (const resolve of this.#curious.splice(0)) resolve(reason);
  }
}
