import type { MessageContext } from "../wire/channel.ts";
import type { Message, RequestId } from "../wire/message.ts";
import { type InitializeResult, Peer } from "../wire/peer.ts";
import { Child } from "./child.ts";
import { EraChannel } from "./era-channel.ts";
import { noUsage, type Usage } from "./group-usage.ts";
import type { Refusal } from "./jail/refusal.ts";
import type { Lane, PoolCall } from "./pool-call.ts";
import type { PoolLimits } from "./pool-limits.ts";
import type { Reaper } from "./reaper.ts";

/** How to start a server, made anew for each start. */
export interface Launch {
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** What the jail cannot enforce here, in words. */
  notEnforced?: readonly string[];
  /** What of its bounds it has left, in words; asked about once a second. */
  findExcess?: () => Promise<string | undefined>;
  /** Called with the child's process id; from then on it hears what the jail refuses. */
  onSpawned?: (pid: number, onRefusal: (refusal: Refusal) => void) => void;
  /** Called when the child is gone, to give back what was made for it. */
  dispose?: () => void | Promise<void>;
}

/** Why a child has ended, or is about to. */
export type EndReason =
  | "start"
  | "crash"
  | "idle"
  | "memory"
  | "tasks"
  | "storage"
  | "wall_clock"
  | "unresponsive"
  | "requests"
  | "reload"
  | "session_end"
  | "stop";

/** How long a child that did not finish a call in time may take to answer a ping, in milliseconds. */
export const doubtLimitMs = 5_000;
/** What a call may have spent on its way here, in milliseconds. */
const wayMs = 50;

export interface WorkerEvents {
  onMessage(worker: Worker, message: Message, context?: MessageContext): void;
  onReady(worker: Worker): void;
  onGone(worker: Worker, reason: string): void;
  /** An answer was longer than the bound; its call will get no other. */
  onDropped(worker: Worker, id: number | undefined, limitBytes: number): void;
  onStderr(pid: number, line: string): void;
  /** Its jail has refused it something. */
  onRefusal(pid: number, refusal: Refusal): void;
}

export interface WorkerOptions {
  launch: Launch;
  lane: Lane | undefined;
  /** Which version of the bundle it runs. */
  generation: number;
  /** The child whose place it is to take. */
  replaces: Worker | undefined;
  limits: PoolLimits;
  reaper: Reaper | undefined;
  events: WorkerEvents;
}

/** One child, its handshake and the calls that it works on. */
export class Worker {
  readonly child: Child;
  readonly lane: Lane | undefined;
  readonly generation: number;
  readonly launch: Launch;
  readonly calls: Map<RequestId, PoolCall> = new Map();
  state: "starting" | "ready" | "draining" | "gone" = "starting";
  endReason: EndReason | undefined;
  servedCount = 0;
  lastUsedAtMs: number = performance.now();
  drainingSinceMs = 0;
  /** Whose place it takes when it is ready. */
  replaces: Worker | undefined;
  /** Why another worker is being started to take its place. */
  replacedFor: EndReason | undefined;
  usage: Usage = noUsage;
  /** It has used up the time of a call and answers nothing any more: it can neither be asked nor told to stop. */
  isStuck = false;
  readonly #peer: Peer;
  readonly #callLimitMs: number;
  #isDoubted = false;
  #pingId: string | undefined;
  #onPong: () => void = () => undefined;
  #pinging: Promise<number | undefined> | undefined;

  constructor(options: WorkerOptions) {
    const { launch, events, limits } = options;
    this.replaces = options.replaces;
    this.lane = options.lane;
    this.generation = options.generation;
    this.launch = launch;
    this.#callLimitMs = limits.callLimitMs;
    this.child = new Child({
      argv: launch.argv,
      env: launch.env,
      cwd: launch.cwd,
      lineLimitBytes: limits.lineLimitBytes,
      onStderr: (line) => events.onStderr(this.child.pid, line),
    });
    launch.onSpawned?.(this.child.pid, (refusal) => events.onRefusal(this.child.pid, refusal));
    options.reaper?.watch(this.child.pid);
    this.child.onDropped = (id, limitBytes) => events.onDropped(this, id, limitBytes);
    const peerEvents = {
      onMessage: (_peer: Peer, message: Message, context?: MessageContext) =>
        events.onMessage(this, message, context),
      onHangUp: () => undefined,
      onReady: () => events.onReady(this),
      onGone: (_peer: Peer, reason: string) => {
        // It may still run: a server that refuses the handshake is ended, not left.
        void this.child.close().then(() => options.reaper?.forget(this.child.pid));
        events.onGone(this, reason);
      },
    };
    this.#peer = new Peer(new EraChannel(this.child), peerEvents, limits.startLimitMs);
  }

  get isIdle(): boolean {
    return this.calls.size === 0;
  }

  get initializeResult(): InitializeResult | undefined {
    return this.#peer.initializeResult;
  }

  /** Hands a call to the child. */
  run(call: PoolCall): void {
    this.calls.set(call.id, call);
    this.lastUsedAtMs = performance.now();
    this.#peer.send(call.request);
    call.requestBytes = this.child.lastBytes;
  }

  send(message: Message): void {
    this.#peer.send(message);
  }

  /** Asks whether it is there: how long it took, in milliseconds, or undefined when it did not answer in time. */
  ping(limitMs: number): Promise<number | undefined> {
    this.#pinging ??= this.#ping(limitMs).finally(() => {
      this.#pinging = undefined;
    });
    return this.#pinging;
  }

  /** Takes the call out that a message answers. */
  take(id: RequestId | null): PoolCall | undefined {
    if (id === this.#pingId) this.#onPong();
    const call = id === null ? undefined : this.calls.get(id);
    if (call === undefined || id === null) return undefined;
    this.calls.delete(id);
    this.servedCount++;
    this.lastUsedAtMs = performance.now();
    return call;
  }

  /** Takes out a call that nobody waits for any more, and tells the child; one over its time casts doubt on the child. */
  cancel(id: RequestId, message: Message): PoolCall | undefined {
    const call = this.take(id);
    if (call === undefined) return undefined;
    this.#peer.send(message);
    if (performance.now() - call.queuedAtMs > this.#callLimitMs - wayMs) void this.#doubt();
    return call;
  }

  async #doubt(): Promise<void> {
    if (this.#isDoubted) return;
    this.#isDoubted = true;
    const untilMs = performance.now() + doubtLimitMs;
    let pingMs: number | undefined;
    while (pingMs === undefined && this.state !== "gone" && performance.now() < untilMs) {
      // Somebody else's ping may be under way, with less time.
      pingMs = await this.ping(untilMs - performance.now());
    }
    this.#isDoubted = false;
    this.isStuck = pingMs === undefined;
  }

  #ping(limitMs: number): Promise<number | undefined> {
    const startedAtMs = performance.now();
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), limitMs);
      timer.unref();
      this.#onPong = () => {
        clearTimeout(timer);
        resolve(Math.round((performance.now() - startedAtMs) * 10) / 10);
      };
      this.#pingId = `ping-${startedAtMs}`;
      this.#peer.send({ jsonrpc: "2.0", id: this.#pingId, method: "ping" });
    });
  }

  /** The call that a line without a readable id must belong to. */
  findOnlyCall(): PoolCall | undefined {
    const [only, ...others] = this.calls.values();
    return others.length === 0 ? only : undefined;
  }

  /** Whom a message of the child is for, as far as that is certain. */
  findContext(): MessageContext | undefined {
    const owner = this.#findOnlyOwner();
    if (typeof owner?.id === "number") return { relatedTo: owner.id };
    if (this.isIdle && typeof this.lane === "object") return { client: this.lane };
    return undefined;
  }

  /** The newest call, when all calls in flight are of one client. */
  #findOnlyOwner(): PoolCall | undefined {
    let newest: PoolCall | undefined;
    for (const call of this.calls.values()) {
      if (newest !== undefined && newest.client !== call.client) return undefined;
      newest = call;
    }
    return newest;
  }
}
