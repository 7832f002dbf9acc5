import type { Client, Outlet } from "./client.ts";
import type { ModernSink } from "./exchange.ts";
import {
  errorOf,
  type Notification,
  type Request,
  type RequestId,
  resultOf,
  rpcCode,
} from "./message.ts";
import { metaKey } from "./modern-meta.ts";
import { withServerInfo } from "./modern-result.ts";
import type { Mux } from "./mux.ts";
import type { InitializeResult } from "./peer.ts";

/** The most subscriptions that are open at once; one more is refused. */
export const listenLimitCount = 1000;
/** The most resources that one subscription may name. */
const uriLimitCount = 1000;

/** What a client wants to hear of. */
interface Filter {
  toolsListChanged?: true;
  promptsListChanged?: true;
  resourcesListChanged?: true;
  resourceSubscriptions?: string[];
}

/** One open `subscriptions/listen` (2026-07-28, subscriptions). */
export interface Listening {
  /** The client has left. */
  cancel(): void;
  /** The server ends it; the client is told. */
  end(): void;
}

/** The open subscriptions of one server's clients. */
export class Listeners {
  readonly #mux: Mux;
  readonly #open = new Set<Listening>();

  constructor(mux: Mux) {
    this.#mux = mux;
  }

  get count(): number {
    return this.#open.size;
  }

  listen(request: Request, sink: ModernSink): Listening | undefined {
    const known = this.#mux.peer.initializeResult;
    const asked = request.params?.notifications;
    if (known === undefined || typeof asked !== "object" || asked === null) {
      const text = "Invalid params: notifications is missing; expected what to listen for";
      sink.answer(errorOf(request.id, rpcCode.invalidParams, text));
      return undefined;
    }
    if (this.#open.size >= listenLimitCount) {
      const text = `Cannot listen: ${listenLimitCount} subscriptions are open already`;
      sink.answer(errorOf(request.id, rpcCode.serverError, text));
      return undefined;
    }
    const filter = honoured(asked, known);
    const listening = this.#start(request.id, filter, sink);
    const params = { notifications: filter };
    const method = "notifications/subscriptions/acknowledged";
    sink.notify(stamp({ jsonrpc: "2.0", method, params }, request.id));
    // Nothing of what was asked for exists here, so there is nothing to wait for.
    if (Object.keys(filter).length === 0) listening.end();
    return listening;
  }

  /** Ends all subscriptions and tells their clients. */
  close(): void {
    for (const listening of this.#open) listening.end();
  }

  #start(id: RequestId, filter: Filter, sink: ModernSink): Listening {
    const outlet: Outlet = {
      deliver: (message) => {
        if (!("id" in message) && isWanted(message, filter)) sink.notify(stamp(message, id));
      },
      answer: () => undefined,
    };
    const client = this.#mux.connect(outlet);
    for (const uri of filter.resourceSubscriptions ?? []) this.#subscribe(client, uri);
    const listening: Listening = {
      cancel: () => {
        this.#open.delete(listening);
        this.#mux.disconnect(client);
      },
      end: () => {
        listening.cancel();
        const result = { resultType: "complete", _meta: { [metaKey.subscriptionId]: id } };
        sink.answer(resultOf(id, withServerInfo(result, this.#mux.peer.initializeResult)));
      },
    };
    this.#open.add(listening);
    return listening;
  }

  #subscribe(client: Client, uri: string): void {
    const id = `listen ${uri}`;
    const params = { uri };
    this.#mux.receive(client, { jsonrpc: "2.0", id, method: "resources/subscribe", params });
  }
}

/** What the client asked for and the server can deliver. */
function honoured(asked: object, { capabilities }: InitializeResult): Filter {
  // Any object may be read by key; each value is checked before it is used.
  const wanted = asked as Record<string, unknown>;
  const filter: Filter = {};
  for (const kind of ["tools", "prompts", "resources"] as const) {
    const key = `${kind}ListChanged` as const;
    const offered = capabilities[kind] as { listChanged?: boolean } | undefined;
    if (wanted[key] === true && offered?.listChanged === true) filter[key] = true;
  }
  const resources = capabilities.resources as { subscribe?: boolean } | undefined;
  const uris = wanted.resourceSubscriptions;
  if (Array.isArray(uris) && uris.length > 0 && resources?.subscribe === true) {
    filter.resourceSubscriptions = uris
      .filter((uri) => typeof uri === "string")
      .slice(0, uriLimitCount);
  }
  return filter;
}

function isWanted({ method, params }: Notification, filter: Filter): boolean {
  switch (method) {
    case "notifications/tools/list_changed":
      return filter.toolsListChanged === true;
    case "notifications/prompts/list_changed":
      return filter.promptsListChanged === true;
    case "notifications/resources/list_changed":
      return filter.resourcesListChanged === true;
    case "notifications/resources/updated":
      return filter.resourceSubscriptions?.includes(String(params?.uri)) === true;
    default:
      return false;
  }
}

/** A copy: the same notification goes to other clients under other ids. */
function stamp(message: Notification, id: RequestId): Notification {
  const { params } = message;
  return {
    ...message,
    params: { ...params, _meta: { ...params?._meta, [metaKey.subscriptionId]: id } },
  };
}
