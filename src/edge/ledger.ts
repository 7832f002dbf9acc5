import { errorOf, type Message, rpcCode } from "../wire/message.ts";
import { type CallOutcome, isRecorded, type PoolCall, recordOf, whatOf } from "./pool-call.ts";
import type { PoolCounters, PoolListener } from "./pool-events.ts";
import type { Worker } from "./worker.ts";

/** How calls end that get no answer of their server: in words for the caller, and for the record. */
export class Ledger {
  readonly #listener: PoolListener;
  readonly #counters: PoolCounters;
  readonly #answer: (message: Message) => void;

  constructor(listener: PoolListener, counters: PoolCounters, answer: (message: Message) => void) {
    this.#listener = listener;
    this.#counters = counters;
    this.#answer = answer;
  }

  record(call: PoolCall, outcome: CallOutcome, bytes: number): void {
    if (isRecorded(call)) this.#listener.onCall(recordOf(call, outcome, bytes));
  }

  /** It was begun and cannot be finished. It is never begun again: nobody knows how far it has come. */
  fail(call: PoolCall, state: string, data?: object): void {
    this.record(call, "error", 0);
    const text = `Cannot finish ${whatOf(call)}: ${state}`;
    this.#answer(errorOf(call.id, rpcCode.serverError, text, data));
  }

  /** The child that works on them is gone. */
  failAll(worker: Worker, detail: string): void {
    for (const call of [...worker.calls.values()]) {
      worker.calls.delete(call.id);
      this.fail(call, `the server is gone: ${detail}`, { reason: worker.endReason });
    }
  }

  /** It was not begun; the caller may come back. */
  refuse(call: PoolCall, state: string, retryAfterMs: number): void {
    this.#counters.refusedCount++;
    this.record(call, "refused", 0);
    this.#listener.onEvent({ kind: "refused", detail: state });
    const text = `Cannot call ${call.request.method}: ${state}`;
    const data = { retryAfterMs: Math.ceil(retryAfterMs) };
    this.#answer(errorOf(call.id, rpcCode.serverError, text, data));
  }
}
