import { version } from "../core/version.ts";
import type { Caller, Channel, Screen } from "../wire/channel.ts";
import type { Client, Outlet } from "../wire/client.ts";
import {
  errorOf,
  isRequest,
  isResponse,
  type Message,
  type Notification,
  type Request,
  type RequestId,
  resultOf,
  rpcCode,
} from "../wire/message.ts";
import type { Mux } from "../wire/mux.ts";
import { latestLegacyVersion } from "../wire/protocol.ts";
import { type Catalog, type CatalogEntry, findEntry } from "./catalog.ts";
import type { Hosted } from "./hosted.ts";
import { OpenAsks } from "./open-asks.ts";

/** The caller of a call through the aggregate: each server behind it has its own screen. */
export interface AggregateCaller extends Caller {
  screenFor(hosted: Hosted): Screen;
}

interface OpenCall {
  mux: Mux;
  inner: Client;
}

/** All servers as one: a channel that lists the tools of every server under names of their own and passes calls on. */
export class Aggregate implements Channel {
  onMessage: Channel["onMessage"] = () => undefined;
  onClose: Channel["onClose"] = () => undefined;
  readonly #catalog: Catalog;
  readonly #calls = new Map<RequestId, OpenCall>();
  readonly #asks = new OpenAsks();
  /** Clients that stay, for servers that keep a child for each. */
  readonly #inner = new Map<Client, Map<Hosted, OpenCall>>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    catalog.onChanged = () => {
      this.onMessage({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
    };
  }

  send(message: Message, caller?: Caller, client?: Client): void {
    if (isResponse(message)) this.#asks.settle(message);
    else if (!isRequest(message)) this.#notify(message);
    else if (message.method === "initialize") this.onMessage(resultOf(message.id, introduction()));
    else if (message.method === "tools/list") void this.#list(message);
    else if (message.method === "tools/call") void this.#call(message, caller, client);
    else {
      const text = `Method not found: ${message.method} is for one server; call it at /<name>/mcp`;
      this.onMessage(errorOf(message.id, rpcCode.methodNotFound, text));
    }
  }

  leave(client: Client): void {
    for (const { mux, inner } of this.#inner.get(client)?.values() ?? []) mux.disconnect(inner);
    this.#inner.delete(client);
  }

  async close(): Promise<void> {
    this.onClose("it was stopped");
  }

  async #list({ id }: Request): Promise<void> {
    const entries = await this.#catalog.list();
    const tools = entries.map(({ name, tool }) => ({ ...tool.listed, name }));
    this.onMessage(resultOf(id, { tools }));
  }

  async #call(
    request: Request,
    caller: Caller | undefined,
    client: Client | undefined,
  ): Promise<void> {
    const { id, params } = request;
    const entries = this.#catalog.known() ?? (await this.#catalog.list());
    const entry = findEntry(entries, params?.name);
    const opened = entry && (await this.#open(entry, client));
    if (entry === undefined || typeof opened !== "object") {
      const name = JSON.stringify(params?.name);
      const text = opened ? `Cannot call ${name}: ${opened}` : `Unknown tool: ${name}`;
      const code = opened ? rpcCode.serverError : rpcCode.invalidParams;
      this.onMessage(errorOf(id, code, text));
      return;
    }
    const { mux, inner } = opened;
    this.#calls.set(id, opened);
    const { hosted, listed } = entry.tool;
    const inside: Request = { ...request, params: { ...params, name: listed.name } };
    mux.receive(inner, inside, this.#outletOf(id, opened), callerFor(hosted, caller));
  }

  /** The client that a server behind sees: one for the call, or one for as long as ours stays. */
  async #open({ tool }: CatalogEntry, client: Client | undefined): Promise<OpenCall | string> {
    const { hosted } = tool;
    const mux = await hosted.open();
    if (typeof mux === "string") return mux;
    const capabilities = client?.capabilities ?? {};
    const mustStay = client?.isStaying === true && hosted.pool.limits.policy === "per_session";
    const nowhere: Outlet = { deliver: () => undefined, answer: () => undefined };
    if (!mustStay) return { mux, inner: mux.visit(nowhere, capabilities) };
    const kept = this.#inner.get(client) ?? new Map<Hosted, OpenCall>();
    this.#inner.set(client, kept);
    const opened = kept.get(hosted) ?? { mux, inner: mux.connect(nowhere) };
    kept.set(hosted, opened);
    opened.inner.capabilities = capabilities;
    return opened;
  }

  #outletOf(id: RequestId, { mux, inner }: OpenCall): Outlet {
    const context = typeof id === "number" ? { relatedTo: id } : undefined;
    const asker = { send: (message: Message) => mux.receive(inner, message) };
    return {
      deliver: (message) => {
        if (isRequest(message)) this.#asks.open(asker, message);
        this.onMessage(message, context);
      },
      answer: (response) => {
        this.#calls.delete(id);
        this.onMessage(response);
      },
      dismiss: () => this.#calls.delete(id),
    };
  }

  #notify(message: Notification): void {
    if (message.method === "notifications/progress") this.#asks.progress(message);
    if (message.method !== "notifications/cancelled") return;
    // The mux in front numbers its requests.
    const call = this.#calls.get(message.params?.requestId as RequestId);
    call?.mux.receive(call.inner, message);
  }
}

function callerFor(hosted: Hosted, caller: Caller | undefined): Caller | undefined {
  if (caller === undefined) return undefined;
  // Every caller of the aggregate's front is made by the gateway.
  const screen = (caller as AggregateCaller).screenFor(hosted);
  return { ...(caller.principal !== undefined && { principal: caller.principal }), screen };
}

function introduction(): Record<string, unknown> {
  return {
    protocolVersion: latestLegacyVersion,
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: "berth", title: "Berth: all servers", version },
    instructions: "Tools of several servers; the name of each tool begins with that of its server.",
  };
}
