import type { Logger } from "../core/log.ts";
import { version } from "../core/version.ts";
import type { Caller, Channel } from "../wire/channel.ts";
import {
  type Message,
  type Notification,
  type Request,
  type RequestId,
  rpcCode,
} from "../wire/message.ts";
import { requestIdKey } from "../wire/protocol.ts";
import { type ListedTool, listTool } from "./listing.ts";
import { type FailureForm, invalidArgument, runTool, type ToolResult } from "./outcome.ts";
import type { Tool, ToolCall } from "./tool.ts";

/** What a peer is made of. */
export interface PeerOptions<Deps> {
  name: string;
  title: string;
  instructions: string;
  /** `rest` when absent. */
  failures?: FailureForm | undefined;
  tools: readonly Tool<Deps>[];
  deps: Deps;
  log: Logger;
}

/** The newest revision with a handshake; the mux answers clients of every revision from this one. */
const peerProtocolVersion = "2025-11-25";

/** Opens a server's tools as one JSON-RPC peer in this process. */
export function openPeer<Deps>(options: PeerOptions<Deps>): Channel {
  return new ToolPeer(options);
}

/**
 * The methods that agents call all day are answered here, without an engine: loading the SDK takes longer than the
 * whole start may take, and its schemas cost more than the calls. Every other method goes to the SDK's server, which
 * is loaded when the first such message comes.
 */
class ToolPeer<Deps> implements Channel {
  onMessage: Channel["onMessage"] = noOwner;
  onClose: Channel["onClose"] = noOwner;
  readonly #options: PeerOptions<Deps>;
  readonly #tools: ReadonlyMap<string, Tool<Deps>>;
  readonly #calls = new Map<RequestId, AbortController>();
  #listing: { tools: ListedTool[] } | undefined;
  #engine: Promise<Channel> | undefined;

  constructor(options: PeerOptions<Deps>) {
    this.#options = options;
    this.#tools = new Map(options.tools.map((tool) => [tool.name, tool]));
  }

  send(message: Message, caller?: Caller): void {
    if (!("method" in message)) this.#toEngine(message);
    else if ("id" in message) this.#receiveRequest(message, caller?.principal);
    else this.#receiveNotification(message);
  }

  async close(): Promise<void> {
    for (const controller of this.#calls.values()) controller.abort();
    const engine = await this.#engine;
    await engine?.close();
    this.onClose("closed");
  }

  #receiveRequest(request: Request, principal: string | undefined): void {
    switch (request.method) {
      case "initialize":
        this.#answer(request.id, initializeResult(this.#options));
        return;
      case "ping":
        this.#answer(request.id, {});
        return;
      case "tools/list":
        this.#list(request);
        return;
      case "tools/call":
        void this.#call(request, principal);
        return;
      default:
        this.#toEngine(request);
    }
  }

  #list({ id, params }: Request): void {
    if (params?.cursor !== undefined) {
      // There is one page, so every cursor is a wrong one (MCP 2025-11-25, server/utilities/pagination).
      const cursor = JSON.stringify(params.cursor);
      const message = `Cannot list tools from cursor ${cursor}: there is only one page`;
      this.onMessage({ jsonrpc: "2.0", id, error: { code: rpcCode.invalidParams, message } });
      return;
    }
    this.#listing ??= { tools: this.#options.tools.map(listTool) };
    this.#answer(id, { ...this.#listing });
  }

  #receiveNotification(notification: Notification): void {
    if (notification.method === "notifications/cancelled") {
      const id = notification.params?.requestId;
      if (typeof id === "string" || typeof id === "number") this.#calls.get(id)?.abort();
    } else if (notification.method !== "notifications/initialized") {
      this.#toEngine(notification);
    }
  }

  async #call(request: Request, principal: string | undefined): Promise<void> {
    const { name, arguments: args } = request.params ?? {};
    const { deps, failures: form = "rest" } = this.#options;
    const tool = this.#tools.get(String(name));
    if (!tool) {
      this.#answer(request.id, invalidArgument(`Unknown tool: ${String(name)}`, form));
      return;
    }
    const controller = new AbortController();
    this.#calls.set(request.id, controller);
    const call = { ...this.#toolCall(request, controller.signal), principal };
    const result: ToolResult = await runTool(tool, args, { deps, call, form });
    this.#calls.delete(request.id);
    // A cancelled request gets no answer (MCP 2025-11-25, basic/utilities/cancellation).
    if (controller.signal.aborted) return;
    this.#answer(request.id, result);
    // What a failed call has left under way, such as a request that took too long, ends with it.
    if (result.isError) controller.abort();
  }

  #toolCall({ id, params }: Request, signal: AbortSignal): Omit<ToolCall, "principal"> {
    const meta = params?._meta;
    const requestId = meta?.[requestIdKey];
    return {
      signal,
      requestId: typeof requestId === "string" ? requestId : undefined,
      log: this.#options.log,
      progress: (progress, total, message) => {
        const progressToken = meta?.progressToken;
        if (progressToken === undefined) return;
        this.onMessage(
          {
            jsonrpc: "2.0",
            method: "notifications/progress",
            params: { progressToken, progress, total, message },
          },
          { relatedTo: id },
        );
      },
    };
  }

  #toEngine(message: Message): void {
    this.#engine ??= openEngine(this.#options, (reply, context) => this.onMessage(reply, context));
    this.#engine.then(
      (engine) => engine.send(message),
      (err) => this.#options.log.error({ err }, "the engine did not load"),
    );
  }

  #answer(id: RequestId, result: Record<string, unknown>): void {
    this.onMessage({ jsonrpc: "2.0", id, result });
  }
}

function initializeResult<Deps>(options: PeerOptions<Deps>): Record<string, unknown> {
  return {
    protocolVersion: peerProtocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: options.name, title: options.title, version },
    instructions: options.instructions,
  };
}

async function openEngine<Deps>(
  options: PeerOptions<Deps>,
  onMessage: Channel["onMessage"],
): Promise<Channel> {
  const { openToolEngine } = await import("./engine.ts");
  const engine = openToolEngine({ name: options.name, title: options.title, version });
  engine.onMessage = onMessage;
  return engine;
}

function noOwner(): void {
  throw new Error("a peer's onMessage and onClose are set by its owner before the first send");
}
