import type { Message } from "./message.ts";
import { eventText, LiveBody, type ReplayBudget, replayLimitCount, retryMs } from "./stream.ts";

interface KeptEvent {
  sequence: number;
  text: string;
}

/**
 * A stream of one session that outlives its connection: events carry ids, the last ones are kept,
 * and a client that comes back with `Last-Event-ID` gets what it has missed (2025-11-25,
 * transports, "Resumability and Redelivery").
 */
export class ReplayStream {
  /** Unique in its session; the first part of every event id. */
  readonly key: string;
  readonly #budget: ReplayBudget;
  /**
   * An empty event first tells the client an id to come back with. Clients before 2025-11-25 cannot
   * read it.
   */
  readonly #hasPriming: boolean;
  #kept: KeptEvent[] = [];
  #sequence = 0;
  /** The last event that was written to a reader. */
  #deliveredSequence = 0;
  #live: LiveBody | undefined;
  #isFinished = false;

  constructor(key: string, budget: ReplayBudget, hasPriming: boolean) {
    this.key = key;
    this.#budget = budget;
    this.#hasPriming = hasPriming;
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  get isConnected(): boolean {
    return this.#live?.isOpen ?? false;
  }

  /**
   * Opens a body that carries what comes, after what was missed since event `after`: by default,
   * since the last reader left. A second reader replaces the first.
   */
  open(after: number = this.#deliveredSequence): ReadableStream<Uint8Array> {
    this.#live?.close();
    const live = new LiveBody(() => this.#forgetLive(live));
    this.#live = live;
    if (this.#hasPriming) live.write(`id: ${this.key}_${after}\nretry: ${retryMs}\ndata: \n\n`);
    for (const event of this.#kept) if (event.sequence > after) live.write(event.text);
    this.#deliveredSequence = this.#sequence;
    if (this.#isFinished) this.#disconnect();
    return live.body;
  }

  push(message: Message): void {
    this.#sequence++;
    const text = eventText(message, `${this.key}_${this.#sequence}`);
    this.#keep({ sequence: this.#sequence, text });
    if (this.#live === undefined) return;
    this.#live.write(text);
    this.#deliveredSequence = this.#sequence;
  }

  /** Everything is said. What is kept stays for a client that comes back, until `forget`. */
  finish(): void {
    this.#isFinished = true;
    this.#disconnect();
  }

  /** Closes the connection, not the stream; only for a client that was told how to come back. */
  hangUp(): void {
    if (this.#hasPriming) this.#disconnect();
  }

  keepAlive(nowMs: number): void {
    this.#live?.keepAlive(nowMs);
  }

  /** Gives back the memory of what was kept. */
  forget(): void {
    for (const event of this.#kept) this.#budget.give(event.text.length);
    this.#kept = [];
  }

  #disconnect(): void {
    this.#live?.close();
    this.#live = undefined;
  }

  #keep(event: KeptEvent): void {
    while (this.#kept.length >= replayLimitCount) {
      const oldest = this.#kept.shift();
      if (oldest) this.#budget.give(oldest.text.length);
    }
    if (this.#budget.take(event.text.length)) this.#kept.push(event);
  }

  #forgetLive(live: LiveBody): void {
    if (this.#live === live) this.#live = undefined;
  }
}
