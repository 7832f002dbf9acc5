import { bodyLimitBytes } from "../wire/body.ts";
import { createFront, type Front, pathOf } from "../wire/front.ts";
import { Guard } from "../wire/guard.ts";
import type { WireLog } from "../wire/log.ts";
import { rpcCode } from "../wire/message.ts";
import { createMux, type Mux } from "../wire/mux.ts";
import { refuse } from "../wire/refusal.ts";
import { type Access, type Denial, isDenial } from "./access.ts";
import { Aggregate } from "./aggregate.ts";
import { createAggregateScreen } from "./aggregate-screen.ts";
import { Catalog } from "./catalog.ts";
import { answerMetadata, challenge, type IsResource } from "./challenge.ts";
import type { Console } from "./console.ts";
import { streamEvents } from "./event-stream.ts";
import { answerHealth, type HealthSources } from "./health.ts";
import type { Hosted, SharedFront } from "./hosted.ts";
import { callOverHttp } from "./http-tools.ts";
import { openApiOf } from "./openapi.ts";
import { type Route, Routes, readRoute } from "./paths.ts";
import { mayReach, type Principal } from "./principal.ts";
import { callerFor, type RequestContext, readContext } from "./request-context.ts";

export interface GatewayOptions {
  hosted: readonly Hosted[];
  access: Access;
  front: SharedFront;
  log: WireLog;
  /** What /readyz and /metrics say beside the servers. */
  health: Pick<HealthSources, "mode">;
  /** The page for whoever runs Berth; absent where there is none. */
  console?: Console | undefined;
}

/** A request with the server that it is for. */
interface Addressed {
  hosted: Hosted;
  route: Route;
  context: RequestContext;
}

/** All servers on one address: who calls, which server is meant, and what the caller may see of it. */
export class Gateway {
  readonly hosted: ReadonlyMap<string, Hosted>;
  readonly #options: GatewayOptions;
  readonly #guard: Guard;
  readonly #health: HealthSources;
  readonly #catalog: Catalog;
  readonly #mux: Mux;
  readonly #routes = new Routes();
  readonly #fronts: { full: Front; text: Front };

  constructor(options: GatewayOptions) {
    const { hosted, front, log } = options;
    this.#options = options;
    this.hosted = new Map(hosted.map((one) => [one.name, one]));
    this.#guard = new Guard(front);
    this.#health = { hosted, ...options.health };
    this.#catalog = new Catalog(hosted);
    this.#mux = createMux(new Aggregate(this.#catalog), { log });
    const mux = this.#mux;
    this.#fronts = {
      full: createFront({ ...front, mux, isGuarded: true }),
      text: createFront({ ...front, mux, isGuarded: true, basePath: "/text" }),
    };
  }

  /** A server has changed what it lists. */
  forgetCatalog(): void {
    this.#catalog.forget();
  }

  /** Answers every request of the gateway's address. */
  async fetch(request: Request): Promise<Response> {
    try {
      return await this.#serve(request);
    } catch (error) {
      this.#options.log.error({ err: error }, "a request failed");
      const message = "Cannot serve the request: an internal error; see Berth's log";
      return refuse({ status: 500, code: rpcCode.internalError, message });
    }
  }

  /** Ends sessions and streams, then every server within its bounds. */
  async close(): Promise<void> {
    this.#fronts.full.close();
    this.#fronts.text.close();
    await Promise.all([...this.hosted.values()].map((one) => one.close()));
    await this.#mux.close();
  }

  #serve(request: Request): Promise<Response> | Response {
    const { access } = this.#options;
    const path = pathOf(request.url);
    const health = answerHealth(path, this.#health);
    if (health !== undefined) return health;
    const preflight = this.#guard.findPreflight(request);
    if (preflight !== undefined) return preflight;
    const refusal = this.#guard.findRefusal(request.headers);
    if (refusal !== undefined) return refuse(refusal);
    const metadata = answerMetadata(request, access, this.#isResource);
    if (metadata !== undefined) return metadata;
    const page = this.#options.console?.answerPage(request, path);
    if (page !== undefined) return page;
    const identified = access.identify(request.headers);
    // A promise for each step of the way would cost as much as the steps.
    return identified instanceof Promise
      ? identified.then((caller) => this.#admit(request, path, caller))
      : this.#admit(request, path, identified);
  }

  #admit(request: Request, path: string, caller: Principal | Denial): Promise<Response> | Response {
    if (isDenial(caller)) return this.#challenge(caller, request);
    const told = this.#options.console?.answerData(path, caller);
    if (told !== undefined) return told;
    const route = this.#routes.read(path);
    const context = readContext(request.headers, caller);
    if (route?.server === undefined) {
      return (route && this.#serveAll(request, route, context)) ?? this.#unknown(path, caller);
    }
    const hosted = this.hosted.get(route.server);
    if (hosted === undefined) return this.#unknown(path, caller);
    if (!mayReach(caller, hosted.name)) return this.#forbidden(request, hosted.name);
    return this.#serveOne(request, { hosted, route, context });
  }

  #serveAll(
    request: Request,
    route: Route,
    context: RequestContext,
  ): Promise<Response> | undefined {
    if (route.kind !== "mcp") return undefined;
    const { isText } = route;
    const caller = {
      principal: context.caller.name,
      screen: createAggregateScreen(this.#catalog, context, isText),
      screenFor: (hosted: Hosted) => callerFor(hosted, context, isText).screen,
    };
    const front = isText ? this.#fronts.text : this.#fronts.full;
    return front.fetch(request, caller);
  }

  #serveOne(request: Request, to: Addressed): Promise<Response> | Response {
    const { hosted, route, context } = to;
    if (route.kind === "events") {
      if (!context.caller.mayTail) return this.#untold(request, hosted.name);
      const query = new URL(request.url).searchParams;
      const count = Number(query.get("last") ?? 50) || 0;
      return streamEvents(hosted.events, count, query.get("follow") !== "false");
    }
    const { mux } = hosted;
    const isReady =
      mux !== undefined && (!needsTools(to) || mux.peer.findList("tools/list") !== undefined);
    return isReady ? this.#forward(request, mux, to) : this.#prepare(request, to);
  }

  async #prepare(request: Request, to: Addressed): Promise<Response> {
    const { hosted } = to;
    const mux = hosted.mux ?? (await hosted.open());
    if (typeof mux === "string") return unavailable(hosted.name, mux);
    if (needsTools(to) && mux.peer.findList("tools/list") === undefined) await hosted.findTools();
    return this.#forward(request, mux, to);
  }

  #forward(request: Request, mux: Mux, to: Addressed): Promise<Response> | Response {
    const { hosted, route, context } = to;
    const caller = callerFor(hosted, context, route.isText);
    if (route.kind === "mcp") {
      const front = route.isText ? hosted.fronts?.text : hosted.fronts?.full;
      return front?.fetch(request, caller) ?? this.#unknown(pathOf(request.url), context.caller);
    }
    if (route.kind === "openapi") return this.#answerOpenApi(hosted, context);
    if (request.method !== "POST") {
      const message = `Cannot ${request.method} ${JSON.stringify(pathOf(request.url))}: a tool is called with POST`;
      const hint = "Send its arguments as a JSON object; a tool without arguments takes {}.";
      const body = { error: "Method Not Allowed", message, hint };
      return Response.json(body, { status: 405, headers: { allow: "POST" } });
    }
    const limit = this.#options.front.bodyLimitBytes ?? bodyLimitBytes;
    return callOverHttp({ mux, tool: route.tool ?? "", request, caller, bodyLimitBytes: limit });
  }

  async #answerOpenApi(hosted: Hosted, context: RequestContext): Promise<Response> {
    const tools = (await hosted.findTools()) ?? [];
    const allowed = callerFor(hosted, context, false).allowedTools(tools);
    const title = hosted.pool.initializeResult?.serverInfo.title;
    return Response.json(openApiOf(hosted.name, String(title ?? hosted.name), allowed));
  }

  #forbidden(request: Request, name: string): Response {
    const message = `Cannot serve "${name}": the token is not for this server`;
    const denial = { status: 403, error: "insufficient_scope", message } as const;
    return this.#challenge(denial, request);
  }

  /** What a server writes to stderr, and who calls it, is not for everybody who may call it. */
  #untold(request: Request, name: string): Response {
    const message = `Cannot follow "${name}": the caller may call it and not see its events`;
    const scope = this.#options.access.oauth?.tailScope;
    const denial = { status: 403, error: "insufficient_scope", message, scope } as const;
    return this.#challenge(denial, request);
  }

  #challenge(denial: Denial, request: Request): Response {
    const { access } = this.#options;
    return challenge(denial, { access, isResource: this.#isResource }, request);
  }

  /** Read without being remembered: those who ask for it need no token. */
  readonly #isResource: IsResource = (path) => {
    const { server, kind } = readRoute(path) ?? {};
    return server === undefined ? kind === "mcp" : this.hosted.has(server);
  };

  #unknown(path: string, caller: Principal): Response {
    const names = [...this.hosted.keys()].filter((name) => mayReach(caller, name));
    const hint = `MCP is at /mcp for all servers and at /<name>/mcp for one of: ${names.join(", ") || "none"}`;
    const message = `Cannot serve ${JSON.stringify(path)}: no such path`;
    return Response.json({ error: "Not Found", message, hint }, { status: 404 });
  }
}

/** A filter that needs to know the tools must not let a call through because nobody has asked for them yet. */
function needsTools({ hosted, route, context }: Addressed): boolean {
  return Boolean(context.filter?.readOnly || route.isText || hosted.filter || context.caller.tools);
}

function unavailable(name: string, reason: string): Response {
  const message = `Cannot call "${name}": ${reason}`;
  const headers = { "retry-after": "5" };
  return refuse({ status: 503, code: rpcCode.serverError, message, headers });
}
