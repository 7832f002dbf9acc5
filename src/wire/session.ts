import { randomBytes } from "node:crypto";
import type { Client, Outlet } from "./client.ts";
import type { Mux } from "./mux.ts";
import { ReplayStream } from "./replay.ts";
import { ReplayBudget } from "./stream.ts";

/** The most sessions; the one that was idle longest makes room for a new one. */
export const sessionLimitCount = 10_000;
/** How long a session may be idle before it is ended, in milliseconds. */
export const sessionIdleLimitMs: number = 30 * 60 * 1000;
/** The most streams that one session keeps; the oldest finished ones make room. */
const streamLimitCount = 32;
/** What all sessions of a front together keep for clients that come back, in bytes. */
export const replayLimitBytes: number = 32 * 1024 * 1024;

/** One Streamable HTTP session: a client of the mux, and the streams that it may come back to. */
export class Session {
  readonly id: string = randomBytes(18).toString("base64url");
  readonly client: Client;
  /** Who has opened it; nobody else may use it. Undefined where callers have no names. */
  readonly principal: string | undefined;
  readonly #budget: ReplayBudget;
  readonly #streams = new Map<string, ReplayStream>();
  #lastStream = 0;
  #general: ReplayStream | undefined;
  lastUsedAtMs: number = performance.now();

  constructor(mux: Mux, budget: ReplayBudget, principal: string | undefined) {
    this.#budget = budget;
    this.principal = principal;
    const outlet: Outlet = {
      deliver: (message) => this.general().push(message),
      answer: (response) => this.general().push(response),
    };
    this.client = mux.connect(outlet);
  }

  /**
   * The stream of messages that belong to no call: what GET opens. It keeps what is sent while
   * nobody reads.
   */
  general(): ReplayStream {
    this.#general ??= this.openStream();
    return this.#general;
  }

  openStream(): ReplayStream {
    const key = `s${++this.#lastStream}`;
    const hasPriming = this.client.protocolVersion === "2025-11-25";
    const stream = new ReplayStream(key, this.#budget, hasPriming);
    this.#streams.set(key, stream);
    this.#makeRoom();
    return stream;
  }

  /** The stream and place that an event id names, if this session still knows it. */
  findEvent(eventId: string): { stream: ReplayStream; after: number } | undefined {
    const match = /^(s\d{1,15})_(\d{1,15})$/.exec(eventId);
    const stream = match?.[1] === undefined ? undefined : this.#streams.get(match[1]);
    return stream && { stream, after: Number(match?.[2]) };
  }

  get isConnected(): boolean {
    for (const stream of this.#streams.values()) if (stream.isConnected) return true;
    return false;
  }

  keepAlive(nowMs: number): void {
    for (const stream of this.#streams.values()) stream.keepAlive(nowMs);
  }

  end(mux: Mux): void {
    mux.disconnect(this.client);
    for (const stream of this.#streams.values()) {
      stream.finish();
      stream.forget();
    }
    this.#streams.clear();
  }

  #makeRoom(): void {
    for (const [key, stream] of this.#streams) {
      if (this.#streams.size <= streamLimitCount) return;
      if (!stream.isFinished) continue;
      stream.forget();
      this.#streams.delete(key);
    }
  }
}

export interface SessionOptions {
  mux: Mux;
  limitCount?: number | undefined;
  idleLimitMs?: number | undefined;
}

/** The sessions of one front: bounded in number and in idle time. */
export class Sessions {
  readonly #mux: Mux;
  readonly #limitCount: number;
  readonly #idleLimitMs: number;
  readonly #budget = new ReplayBudget(replayLimitBytes);
  readonly #sessions = new Map<string, Session>();
  readonly #stopTicking: () => void;

  constructor(options: SessionOptions) {
    this.#mux = options.mux;
    this.#limitCount = options.limitCount ?? sessionLimitCount;
    this.#idleLimitMs = options.idleLimitMs ?? sessionIdleLimitMs;
    this.#stopTicking = options.mux.ticker.add((nowMs) => this.#lookAfter(nowMs));
  }

  get count(): number {
    return this.#sessions.size;
  }

  open(principal?: string): Session {
    if (this.#sessions.size >= this.#limitCount) this.#evictIdlest();
    const session = new Session(this.#mux, this.#budget, principal);
    this.#sessions.set(session.id, session);
    return session;
  }

  /** Finds a session of this principal and counts as its use: an id alone opens nothing. */
  find(id: string, principal?: string): Session | undefined {
    const session = this.#sessions.get(id);
    if (session === undefined || session.principal !== principal) return undefined;
    session.lastUsedAtMs = performance.now();
    return session;
  }

  end(session: Session): void {
    this.#sessions.delete(session.id);
    session.end(this.#mux);
  }

  close(): void {
    this.#stopTicking();
    for (const session of this.#sessions.values()) this.end(session);
  }

  #evictIdlest(): void {
    let idlest: Session | undefined;
    for (const session of this.#sessions.values()) {
      if (idlest === undefined || session.lastUsedAtMs < idlest.lastUsedAtMs) idlest = session;
    }
    if (idlest !== undefined) this.end(idlest);
  }

  #lookAfter(nowMs: number): void {
    for (const session of this.#sessions.values()) {
      session.keepAlive(nowMs);
      if (session.isConnected) session.lastUsedAtMs = nowMs;
      else if (nowMs - session.lastUsedAtMs > this.#idleLimitMs) this.end(session);
    }
  }
}
