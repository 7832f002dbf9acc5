import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Ticker } from "./ticker.ts";

/** The most calls that wait for input of their clients; one more is not allowed to ask. */
export const heldLimitCount = 1000;
/**
 * How long a call waits for its client to come back with input, in milliseconds: people fill in the
 * forms.
 */
export const heldLimitMs: number = 8 * 60 * 1000;

/** A call that has asked its client for input and waits for it to come back. */
export interface Holdable {
  /** The method and the name that the client has to come back with. */
  readonly subject: string;
  /** Nobody came back in time. */
  expire(): void;
}

interface Held<T> {
  call: T;
  round: number;
  principal: string;
  expiresAtMs: number;
}

/**
 * Calls that wait for input, and the `requestState` tokens that lead back to them. A token is
 * signed, names its principal, its round and its end, and works once (2026-07-28, multi round-trip
 * requests, "Security").
 */
export class HeldCalls<T extends Holdable> {
  /** New in every process: so is the table that the tokens point into. */
  readonly #key = randomBytes(32);
  readonly #held = new Map<string, Held<T>>();
  readonly #limitMs: number;
  readonly #stopTicking: () => void;
  #round = 0;

  constructor(ticker: Ticker, limitMs: number = heldLimitMs) {
    this.#limitMs = limitMs;
    this.#stopTicking = ticker.add((nowMs) => this.#expire(nowMs));
  }

  get count(): number {
    return this.#held.size;
  }

  get isFull(): boolean {
    return this.#held.size >= heldLimitCount;
  }

  /** Keeps the call and says with what the client has to come back. */
  hold(call: T, principal: string): string {
    const id = randomBytes(12).toString("base64url");
    const round = ++this.#round;
    const expiresAtMs = performance.now() + this.#limitMs;
    this.#held.set(id, { call, round, principal, expiresAtMs });
    const claim = `${id}.${round}.${Math.round(Date.now() + this.#limitMs)}.${principal}`;
    return `${claim}.${this.#sign(claim)}`;
  }

  /** Gives the call back to the client that holds its token, once; or says why not. */
  take(state: string, principal: string, subject: string): T | string {
    const end = state.lastIndexOf(".");
    const claim = state.slice(0, Math.max(end, 0));
    const isGenuine = isEqual(state.slice(end + 1), this.#sign(claim));
    if (!isGenuine) return "it was not issued here, or it was changed";
    const id = claim.slice(0, claim.indexOf("."));
    const held = this.#held.get(id);
    if (held === undefined) return "it was used already, or it has expired; call again without it";
    if (held.principal !== principal) return "it was issued to someone else";
    if (held.call.subject !== subject) return "it belongs to another call";
    this.#held.delete(id);
    return held.call;
  }

  /** Gives all calls up. */
  close(): void {
    this.#stopTicking();
    this.#expire(Number.POSITIVE_INFINITY);
  }

  #sign(claim: string): string {
    return createHmac("sha256", this.#key).update(claim).digest("base64url");
  }

  #expire(nowMs: number): void {
    for (const [id, held] of this.#held) {
      if (held.expiresAtMs > nowMs) return;
      this.#held.delete(id);
      held.call.expire();
    }
  }
}

/** A name for who is calling that gives nothing away: tokens travel through clients and logs. */
export function principalOf(authorization: string | undefined): string {
  if (authorization === undefined) return "anyone";
  return createHash("sha256").update(authorization).digest("base64url").slice(0, 22);
}

function isEqual(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
