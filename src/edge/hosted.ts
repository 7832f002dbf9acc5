import type { Channel } from "../wire/channel.ts";
import { createFront, type Front, type FrontCount, type FrontOptions } from "../wire/front.ts";
import type { WireLog } from "../wire/log.ts";
import type { Params, Request, Response } from "../wire/message.ts";
import { createMux, type Mux } from "../wire/mux.ts";
import { askPeer } from "./ask-peer.ts";
import type { ToolFilter } from "./config.ts";
import { EventRing } from "./event-ring.ts";
import type { Usage } from "./group-usage.ts";
import { Pool } from "./pool.ts";
import { type CallRecord, refusedRecord } from "./pool-call.ts";
import type { PoolEvent } from "./pool-events.ts";
import type { PoolLimits } from "./pool-limits.ts";
import type { Reaper } from "./reaper.ts";
import { type ListedTool, toolsOf } from "./tool-filter.ts";
import type { Launch } from "./worker.ts";

/** What all servers of a gateway share about their HTTP fronts. */
export type SharedFront = Omit<FrontOptions, "mux" | "basePath" | "token">;

export interface HostedOptions {
  name: string;
  /** Says how to start the server; called for each start. */
  prepare: () => Promise<Launch>;
  limits: PoolLimits;
  filter?: ToolFilter | undefined;
  front: SharedFront;
  log: WireLog;
  usageOf?: (pid: number) => Usage;
  reaper?: Reaper;
  /** What it lists may have changed. */
  onChanged?: () => void;
  /** Called for each call that has ended. */
  onCall: (server: string, record: CallRecord) => void;
}

/** How long a server may take to answer a ping before it counts as not ready, in milliseconds. */
const pingLimitMs = 2_000;

/** One server behind the gateway: its pool, and the fronts through which it is called. */
export class Hosted {
  readonly name: string;
  readonly filter: ToolFilter | undefined;
  readonly pool: Pool;
  readonly events: EventRing = new EventRing();
  /** The last calls; apart from the events, which they would soon push out. */
  readonly calls: EventRing = new EventRing();
  readonly #options: HostedOptions;
  #mux: Mux | undefined;
  #fronts: { full: Front; text: Front } | undefined;
  #notEnforced: readonly string[] = [];

  constructor(options: HostedOptions) {
    this.#options = options;
    this.name = options.name;
    this.filter = options.filter;
    const { prepare, limits, usageOf, reaper } = options;
    this.pool = new Pool({
      prepare,
      limits,
      usageOf,
      reaper,
      listener: {
        onEvent: (event) => this.#onEvent(event),
        onCall: (record) => this.#record(record),
      },
      onStale: (what) => this.#onStale(what),
    });
  }

  /** The mux, once the server has been ready; undefined before. */
  get mux(): Mux | undefined {
    return this.#mux;
  }

  /** What the jail of the child that started last cannot enforce. */
  get notEnforced(): readonly string[] {
    return this.#notEnforced;
  }

  /** What is open on its fronts right now. */
  get frontCounts(): Front["counts"] {
    const total = { sessions: 0, oldSse: 0, held: 0, listening: 0, modernStreams: 0 };
    for (const { counts } of Object.values(this.#fronts ?? {})) {
      for (const kind of Object.keys(total) as FrontCount[]) total[kind] += counts[kind];
    }
    return total;
  }

  get fronts(): { full: Front; text: Front } | undefined {
    return this.#fronts;
  }

  /** Starts the server when it never was; settles with its mux, or with why it cannot be called. */
  async open(): Promise<Mux | string> {
    const reason = await this.pool.whenKnown();
    if (reason !== undefined) return reason;
    this.#mux ??= this.#mount(this.pool);
    return this.#mux;
  }

  /** The tools that are known without asking. */
  knownTools(): readonly ListedTool[] {
    return toolsOf(this.#mux?.peer.findList("tools/list"));
  }

  /** The tools, asked for when they are not known; undefined when the server cannot be asked. */
  async findTools(): Promise<readonly ListedTool[] | undefined> {
    const known = this.#mux?.peer.findList("tools/list");
    if (known !== undefined) return toolsOf(known);
    const response = await this.request("tools/list", {});
    return "result" in response ? toolsOf(response.result) : undefined;
  }

  /** One request of the gateway's own. */
  async request(method: string, params: Params): Promise<Response> {
    const mux = await this.open();
    const id = 0;
    if (typeof mux === "string") {
      return { jsonrpc: "2.0", id, error: { code: -32000, message: `Cannot call: ${mux}` } };
    }
    return askPeer(mux, method, params);
  }

  /** Whether it can be called now, and if not why. A server that was stopped for want of work can. */
  async check(): Promise<{ isReady: boolean; state: string; pingMs?: number }> {
    const { breaker, roster, initializeResult } = this.pool;
    const ready = roster.findReady();
    if (ready === undefined) {
      if (breaker.lastReason !== "" && breaker.waitMs() > 0) {
        return { isReady: false, state: `it keeps failing: ${breaker.lastReason}` };
      }
      if (initializeResult === undefined) return { isReady: false, state: "it is starting" };
      return { isReady: true, state: "idle: it starts with the next call" };
    }
    const pingMs = await ready.ping(pingLimitMs);
    if (pingMs !== undefined) return { isReady: true, state: "running", pingMs };
    return { isReady: false, state: `it did not answer a ping within ${pingLimitMs} ms` };
  }

  /** A call that the gateway did not let through is one that was made, so it is recorded too. */
  refused(principal: string, request: Request): void {
    this.#record(refusedRecord(principal, request));
  }

  async close(): Promise<void> {
    this.#fronts?.full.close();
    this.#fronts?.text.close();
    await this.pool.close();
    this.#mux?.ticker.stop();
  }

  #mount(pool: Channel): Mux {
    const { front, log, limits } = this.#options;
    const mux = createMux(pool, { log, callLimitMs: limits.callLimitMs });
    const basePath = `/${this.name}`;
    this.#fronts = {
      full: createFront({ ...front, mux, isGuarded: true, basePath }),
      text: createFront({ ...front, mux, isGuarded: true, basePath: `${basePath}/text` }),
    };
    return mux;
  }

  #record(record: CallRecord): void {
    this.#options.onCall(this.name, record);
    const event = { at: new Date().toISOString(), kind: "call", ...record };
    this.calls.keep(event);
    this.events.tell(event);
  }

  #onStale(what: "lists" | "server"): void {
    if (what === "server") this.#mux?.attach(this.pool);
    else this.#mux?.peer.forgetLists();
    this.#options.onChanged?.();
  }

  #onEvent(event: PoolEvent): void {
    const { log } = this.#options;
    const server = this.name;
    this.events.push(event);
    if (event.kind === "boot") this.#notEnforced = event.notEnforced;
    if (event.kind === "ready") this.#options.onChanged?.();
    if (event.kind === "stderr" || event.kind === "refused")
      log.debug({ server, ...event }, event.kind);
    else if (isBad(event)) log.warn({ server, ...event }, event.kind);
    else log.info({ server, ...event }, event.kind);
  }
}

/** Endings that nobody has planned. */
const badEnds: ReadonlySet<string> = new Set([
  ...["crash", "start", "memory", "tasks", "storage", "unresponsive"],
]);

function isBad(event: PoolEvent): boolean {
  if (event.kind === "exit") return badEnds.has(event.reason);
  return (
    event.kind === "blocked" || event.kind === "start_failed" || event.kind === "reload_failed"
  );
}
