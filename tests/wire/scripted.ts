import type { Caller, Channel, MessageContext } from "../../src/wire/channel.ts";
import {
  errorOf,
  isRequest,
  isResponse,
  type Message,
  type Request,
  type RequestId,
  resultOf,
} from "../../src/wire/message.ts";

/**
 * A server for tests of the wire: it records what it gets and does what the name of the called tool
 * says.
 */
export class ScriptedServer implements Channel {
  onMessage: (message: Message, context?: MessageContext) => void = () => undefined;
  onClose: (reason: string) => void = () => undefined;
  onHangUp?: (relatedTo: RequestId) => void;
  /** Everything that it was sent, as it was then. */
  readonly received: Message[] = [];
  readonly callers: (Caller | undefined)[] = [];
  /** Calls of the tool "hold", which wait for `release`. */
  readonly held: Request[] = [];
  capabilities: Record<string, unknown> = {
    tools: { listChanged: true },
    logging: {},
    resources: { subscribe: true, listChanged: true },
  };
  #asks = 0;
  readonly #answers = new Map<RequestId, (message: Message) => void>();

  send(message: Message, caller?: Caller): void {
    this.received.push(structuredClone(message));
    this.callers.push(caller);
    if (isRequest(message)) this.#serve(message);
    else if (isResponse(message)) this.#answers.get(message.id ?? "")?.(message);
  }

  async close(): Promise<void> {
    this.onClose("it was closed");
  }

  /** The methods that it was sent, without the handshake. */
  get methods(): string[] {
    const handshake = ["initialize", "notifications/initialized"];
    return this.received
      .flatMap((message) => ("method" in message ? [message.method] : []))
      .filter((method) => !handshake.includes(method));
  }

  release(result: Record<string, unknown> = textOf("released")): void {
    for (const { id } of this.held.splice(0)) this.onMessage(resultOf(id, result));
  }

  /** Asks the client; the answer comes as the server would see it. */
  ask(method: string, params: Record<string, unknown>, relatedTo?: RequestId): Promise<Message> {
    const id = ++this.#asks;
    const context = relatedTo === undefined ? undefined : { relatedTo };
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.onMessage({ jsonrpc: "2.0", id, method, params }, context);
    });
  }

  notify(method: string, params: Record<string, unknown> = {}, relatedTo?: RequestId): void {
    const context = relatedTo === undefined ? undefined : { relatedTo };
    this.onMessage({ jsonrpc: "2.0", method, params }, context);
  }

  #serve(request: Request): void {
    const { id, method } = request;
    if (method === "initialize") {
      const serverInfo = { name: "scripted", version: "1.0.0" };
      const { capabilities } = this;
      this.onMessage(resultOf(id, { protocolVersion: "2025-11-25", capabilities, serverInfo }));
    } else if (method === "tools/list") {
      const inputSchema = { type: "object" };
      this.onMessage(resultOf(id, { tools: [{ name: "echo", inputSchema }] }));
    } else if (method === "tools/call") this.#call(request);
    else if (/^(resources\/(un)?subscribe|logging\/setLevel)$/.test(method)) {
      this.onMessage(resultOf(id, {}));
    } else this.onMessage(errorOf(id, -32601, "Method not found"));
  }

  #call(request: Request): void {
    const { id, params } = request;
    // Tests call its tools with these arguments.
    const args = (params?.arguments ?? {}) as { text?: string; ms?: number };
    switch (params?.name) {
      case "echo":
        setTimeout(() => this.onMessage(resultOf(id, textOf(args.text ?? ""))), args.ms ?? 0);
        break;
      case "progress":
        this.#progress(request, args.text ?? "");
        break;
      case "ask":
        void this.#askFirst(id, args.text ?? "");
        break;
      case "die":
        this.onClose("it crashed");
        break;
      default:
        this.held.push(request);
    }
  }

  #progress({ id, params }: Request, message: string): void {
    const progressToken = params?._meta?.progressToken;
    for (const progress of [1, 2])
      this.notify("notifications/progress", { progressToken, progress, message });
    this.onMessage(resultOf(id, textOf(message)));
  }

  async #askFirst(id: RequestId, message: string): Promise<void> {
    const params = { message, requestedSchema: { type: "object", properties: {} } };
    const answer = await this.ask("elicitation/create", params, id);
    const isRefused = "error" in answer;
    this.onMessage(resultOf(id, { ...textOf(JSON.stringify(answer)), isError: isRefused }));
  }
}

export function textOf(text: string): Record<string, unknown> {
  return { content: [{ type: "text", text }] };
}
