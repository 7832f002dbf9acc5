import type { Message, RequestId } from "../wire/message.ts";
import { type InitializeResult, Peer } from "../wire/peer.ts";
import { Child } from "./child.ts";
import type { Lane, PoolCall } from "./pool-call.ts";
import type { PoolLimits } from "./pool-limits.ts";

/** How to start a server, made anew for each start. */
export interface Launch {
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** What the jail cannot enforce here, in words. */
  notEnforced?: readonly string[];
  /** Called when the child is gone, to give back what was made for it. */
  dispose?: () => void | Promise<void>;
}

/** Why a child has ended, or is about to. */
export type EndReason =
  | "start"
  | "crash"
  | "idle"
  | "memory"
  | "wall_clock"
  | "requests"
  | "reload"
  | "session_end"
  | "stop";

export interface WorkerEvents {
  onMessage(worker: Worker, message: Message): void;
  onReady(worker: Worker): void;
  onGone(worker: Worker, reason: string): void;
  onStderr(pid: number, line: string): void;
}

export interface WorkerOptions {
  launch: Launch;
  lane: Lane | undefined;
  /** Which version of the bundle it runs. */
  generation: number;
  /** The child whose place it is to take. */
  replaces: Worker | undefined;
  limits: PoolLimits;
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
  rssBytes = 0;
  readonly #peer: Peer;

  constructor(options: WorkerOptions) {
    const { launch, events, limits } = options;
    this.replaces = options.replaces;
    this.lane = options.lane;
    this.generation = options.generation;
    this.launch = launch;
    this.child = new Child({
      argv: launch.argv,
      env: launch.env,
      cwd: launch.cwd,
      lineLimitBytes: limits.lineLimitBytes,
      onStderr: (line) => events.onStderr(this.child.pid, line),
    });
    const peerEvents = {
      onMessage: (_peer: Peer, message: Message) => events.onMessage(this, message),
      onHangUp: () => undefined,
      onReady: () => events.onReady(this),
      onGone: (_peer: Peer, reason: string) => {
        // It may still run: a server that refuses the handshake is ended, not left.
        void this.child.close();
        events.onGone(this, reason);
      },
    };
    this.#peer = new Peer(this.child, peerEvents, limits.startLimitMs);
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

  /** Takes the call out that a message answers. */
  take(id: RequestId | null): PoolCall | undefined {
    const call = id === null ? undefined : this.calls.get(id);
    if (call === undefined || id === null) return undefined;
    this.calls.delete(id);
    this.servedCount++;
    this.lastUsedAtMs = performance.now();
    return call;
  }

  /** The newest call, when all calls in flight are of one client: then what the child asks belongs to it. */
  findOnlyOwner(): PoolCall | undefined {
    let newest: PoolCall | undefined;
    for (const call of this.calls.values()) {
      if (newest !== undefined && newest.client !== call.client) return undefined;
      newest = call;
    }
    return newest;
  }
}
