import { version } from "../core/version.ts";
import type { Caller, Channel, MessageContext } from "./channel.ts";
import type { Client } from "./client.ts";
import type { Message, RequestId } from "./message.ts";
import { latestLegacyVersion } from "./protocol.ts";

/** How long a server may take to answer initialize, in milliseconds. */
export const handshakeLimitMs = 30_000;
/** The most messages that wait for the handshake; one more is refused. */
export const backlogLimitCount = 1000;

const handshakeId = "berth-initialize";

/** What a server said of itself. Members beside these are passed on as they are. */
export interface InitializeResult {
  protocolVersion: string;
  capabilities: {
    logging?: object;
    resources?: object;
    tools?: { listChanged?: boolean };
    [name: string]: unknown;
  };
  serverInfo: { name: string; version: string; [name: string]: unknown };
  instructions?: string;
}

export interface PeerEvents {
  onMessage(peer: Peer, message: Message, context?: MessageContext): void;
  onHangUp(peer: Peer, relatedTo: RequestId): void;
  onReady(peer: Peer): void;
  onGone(peer: Peer, reason: string): void;
}

/**
 * One channel and its handshake: the server sees exactly one initialize, however many clients there
 * are.
 */
export class Peer {
  readonly #channel: Channel;
  readonly #events: PeerEvents;
  readonly #backlog: (() => void)[] = [];
  readonly #lists = new Map<string, Record<string, unknown>>();
  readonly #handshakeTimer: ReturnType<typeof setTimeout>;
  #initializeResult: InitializeResult | undefined;
  #goneReason: string | undefined;
  /**
   * Grows when the server says that a list has changed: an answer that is older must not be kept.
   */
  listGeneration = 0;

  constructor(channel: Channel, events: PeerEvents, limitMs: number = handshakeLimitMs) {
    this.#channel = channel;
    this.#events = events;
    channel.onMessage = (message, context) => this.#receive(message, context);
    channel.onClose = (reason) => this.#end(reason);
    channel.onHangUp = (relatedTo) => events.onHangUp(this, relatedTo);
    this.#handshakeTimer = setTimeout(() => {
      this.#end(`it did not answer initialize within ${limitMs} ms`);
    }, limitMs);
    this.#handshakeTimer.unref();
    channel.send({ jsonrpc: "2.0", id: handshakeId, method: "initialize", params: handshake() });
  }

  get isReady(): boolean {
    return this.#initializeResult !== undefined && this.#goneReason === undefined;
  }

  /** Why it cannot be called any more; undefined while it lives. */
  get goneReason(): string | undefined {
    return this.#goneReason;
  }

  /** What the server answered to the one initialize; undefined before that. */
  get initializeResult(): InitializeResult | undefined {
    return this.#initializeResult;
  }

  send(message: Message, caller?: Caller, client?: Client): void {
    if (this.#goneReason === undefined) this.#channel.send(message, caller, client);
  }

  /** Tells the channel that a client is gone. */
  leave(client: Client): void {
    this.#channel.leave?.(client);
  }

  /**
   * Runs `task` once the handshake is over, with or without success. False when too many wait
   * already.
   */
  whenSettled(task: () => void): boolean {
    if (this.isReady || this.#goneReason !== undefined) {
      task();
      return true;
    }
    if (this.#backlog.length >= backlogLimitCount) return false;
    this.#backlog.push(task);
    return true;
  }

  findList(method: string): Record<string, unknown> | undefined {
    return this.#lists.get(method);
  }

  keepList(method: string, result: Record<string, unknown>): void {
    this.#lists.set(method, result);
  }

  forgetLists(): void {
    this.listGeneration++;
    this.#lists.clear();
  }

  async close(): Promise<void> {
    await this.#channel.close();
    this.#end("it was stopped");
  }

  #receive(message: Message, context?: MessageContext): void {
    if (this.isReady || !("id" in message) || message.id !== handshakeId) {
      this.#events.onMessage(this, message, context);
      return;
    }
    if ("result" in message) {
      clearTimeout(this.#handshakeTimer);
      // A server that leaves members out is used as far as it goes; nothing below relies on more
      // than this.
      this.#initializeResult = message.result as unknown as InitializeResult;
      this.#channel.send({ jsonrpc: "2.0", method: "notifications/initialized" });
      this.#events.onReady(this);
      this.#flush();
    } else {
      const error = "error" in message ? message.error.message : "no result";
      this.#end(`it refused initialize: ${error}`);
    }
  }

  #end(reason: string): void {
    if (this.#goneReason !== undefined) return;
    this.#goneReason = reason;
    clearTimeout(this.#handshakeTimer);
    this.#events.onGone(this, reason);
    this.#flush();
  }

  #flush(): void {
    for (const task of this.#backlog.splice(0)) task();
  }
}

/**
 * Everything that some client may be able to do is declared; the mux refuses what the client at
 * hand cannot do.
 */
function handshake(): Record<string, unknown> {
  return {
    protocolVersion: latestLegacyVersion,
    capabilities: {
      sampling: { tools: {}, context: {} },
      elicitation: { form: {}, url: {} },
      roots: { listChanged: true },
    },
    clientInfo: { name: "berth", version },
  };
}
