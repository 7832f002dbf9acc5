import { randomBytes } from "node:crypto";
import { readMessage } from "./body.ts";
import type { Caller } from "./channel.ts";
import type { Client, Outlet } from "./client.ts";
import { nameRequest } from "./http-call.ts";
import { isRequest, type Message, rpcCode } from "./message.ts";
import type { Mux } from "./mux.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { eventText, LiveBody, streamHeaders } from "./stream.ts";

/** The most streams of the old transport; one more is refused. */
export const oldSseLimitCount = 1000;

interface Connection {
  client: Client;
  live: LiveBody;
  /** Who has opened it; nobody else may post to it. */
  principal: string | undefined;
}

export interface OldSseOptions {
  mux: Mux;
  /** Where clients post their messages; told to them in the first event. */
  messagesPath: string;
  bodyLimitBytes: number;
}

/** HTTP+SSE of 2024-11-05: one long stream for all answers, and a path to post messages to. */
export class OldSse {
  readonly #options: OldSseOptions;
  readonly #connections = new Map<string, Connection>();
  readonly #stopTicking: () => void;

  constructor(options: OldSseOptions) {
    this.#options = options;
    this.#stopTicking = options.mux.ticker.add((nowMs) => {
      for (const { live } of this.#connections.values()) live.keepAlive(nowMs);
    });
  }

  get count(): number {
    return this.#connections.size;
  }

  /** Opens the stream; its end is the end of the client. */
  open(requestId: string, principal?: string): Response {
    if (this.#connections.size >= oldSseLimitCount) return refuse(tooMany);
    const id = randomBytes(18).toString("base64url");
    const live = new LiveBody(() => this.#end(id));
    const send = (message: Message): void => live.write(eventText(message));
    const outlet: Outlet = { deliver: send, answer: send };
    this.#connections.set(id, { client: this.#options.mux.connect(outlet), live, principal });
    live.write(`event: endpoint\ndata: ${this.#options.messagesPath}?sessionId=${id}\n\n`);
    return new Response(live.body, { headers: { ...streamHeaders, "x-request-id": requestId } });
  }

  /** Takes one message; the answer goes to the stream. */
  async post(request: Request, requestId: string, caller: Caller | undefined): Promise<Response> {
    const id = new URL(request.url).searchParams.get("sessionId");
    const connection = this.#connections.get(id ?? "");
    if (connection === undefined || connection.principal !== caller?.principal) {
      return refuse(unknownSession);
    }
    const parsed = await readMessage(request, this.#options.bodyLimitBytes);
    if (parsed.kind === "refused") return refuse(parsed.refusal);
    if (parsed.kind === "invalid") {
      const { id: rpcId, error } = parsed.answer;
      return refuse({ status: 400, id: rpcId, code: error.code, message: error.message });
    }
    const messages = parsed.kind === "batch" ? parsed.messages : [parsed.message];
    for (const message of messages) this.#take(connection, message, { requestId, caller });
    if (parsed.kind === "batch") parsed.refused.map((one) => connection.client.outlet.answer(one));
    return new Response("Accepted", { status: 202, headers: { "x-request-id": requestId } });
  }

  close(): void {
    this.#stopTicking();
    for (const [id, { live }] of this.#connections) {
      live.close();
      this.#end(id);
    }
  }

  #take(
    { client }: Connection,
    message: Message,
    { requestId, caller }: { requestId: string; caller: Caller | undefined },
  ): void {
    if (isRequest(message)) nameRequest(message, requestId);
    this.#options.mux.receive(client, message, client.outlet, caller);
  }

  #end(id: string): void {
    const connection = this.#connections.get(id);
    this.#connections.delete(id);
    if (connection !== undefined) this.#options.mux.disconnect(connection.client);
  }
}

const tooMany: Refusal = {
  status: 503,
  code: rpcCode.serverError,
  message: `Cannot open the stream: ${oldSseLimitCount} are open already`,
  headers: { "retry-after": "5" },
};

const unknownSession: Refusal = {
  status: 404,
  code: rpcCode.sessionNotFound,
  message: "Cannot take the message: no stream with this sessionId is open; open one with GET",
};
