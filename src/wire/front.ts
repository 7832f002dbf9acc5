import type { Secret } from "../core/secret.ts";
import { accepts, bodyLimitBytes, findMediaRefusal, readMessage } from "./body.ts";
import type { Caller } from "./channel.ts";
import { Guard } from "./guard.ts";
import type { HttpCall } from "./http-call.ts";
import { LegacyHttp } from "./legacy.ts";
import { silentLog, type WireLog } from "./log.ts";
import { rpcCode } from "./message.ts";
import { ModernEra } from "./modern.ts";
import { ModernHttp } from "./modern-http.ts";
import { claimsVersion } from "./modern-meta.ts";
import type { Mux } from "./mux.ts";
import { OldSse } from "./old-sse.ts";
import { modernVersion } from "./protocol.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { Sessions } from "./session.ts";

export interface FrontOptions {
  mux: Mux;
  /** What comes before `/mcp` and `/sse` in the path, for example "/ocr"; nothing by default. */
  basePath?: string;
  /** Host names beside the loopback names under which it may be called; "*" allows any. */
  allowedHosts?: readonly string[];
  /** Origins of web pages beside those of the allowed hosts that may call it; "*" allows any. */
  allowedOrigins?: readonly string[];
  /** What callers must send as a bearer token; without it nobody is asked. */
  token?: Secret;
  /** True where whoever calls the front has asked a guard of the same options already. */
  isGuarded?: boolean;
  bodyLimitBytes?: number;
  sessionLimitCount?: number;
  sessionIdleLimitMs?: number;
  /** True refuses calls that name no session; by default they are served statelessly. */
  isSessionRequired?: boolean;
  /** False answers 410 to clients of HTTP+SSE (2024-11-05). */
  isOldSseServed?: boolean;
  log?: WireLog;
}

/** One MCP server on HTTP: a pure function of the request, mountable in any web server. */
export interface Front {
  /**
   * Answers a request, or nothing when its path is not one of this front's. Who has checked the caller already says in
   * `caller` who it is and what it may do.
   */
  fetch(request: Request, caller?: Caller): Promise<Response> | undefined;
  /** The paths that clients are given: Streamable HTTP, and HTTP+SSE when it is served. */
  readonly paths: readonly string[];
  /** What is open right now, for metrics. */
  readonly counts: Readonly<Record<FrontCount, number>>;
  /** Ends all sessions and streams; the server itself stays. */
  close(): void;
}

export type FrontCount = "sessions" | "oldSse" | "held" | "listening" | "modernStreams";

/** Opens an HTTP front for the server behind `options.mux`: `/mcp` and `/sse`. */
export function createFront(options: FrontOptions): Front {
  return new HttpFront(options);
}

const requestIdPattern = /^[\w.:-]{1,128}$/;

class HttpFront implements Front {
  readonly paths: readonly string[];
  readonly #mcpPath: string;
  readonly #ssePath: string;
  readonly #messagesPath: string;
  readonly #guard: Guard;
  readonly #isGuarded: boolean;
  readonly #sessions: Sessions;
  readonly #legacy: LegacyHttp;
  readonly #era: ModernEra;
  readonly #modern: ModernHttp;
  readonly #oldSse: OldSse | undefined;
  readonly #bodyLimitBytes: number;
  readonly #log: WireLog;
  readonly #runId = crypto.randomUUID().slice(0, 8);
  #requestCount = 0;

  constructor(options: FrontOptions) {
    const { mux, basePath = "" } = options;
    this.#mcpPath = `${basePath}/mcp`;
    this.#ssePath = `${basePath}/sse`;
    this.#messagesPath = `${basePath}/messages`;
    this.#log = options.log ?? silentLog;
    this.#guard = new Guard(options);
    this.#isGuarded = options.isGuarded ?? false;
    this.#bodyLimitBytes = options.bodyLimitBytes ?? bodyLimitBytes;
    const { sessionLimitCount: limitCount, sessionIdleLimitMs: idleLimitMs } = options;
    this.#sessions = new Sessions({ mux, limitCount, idleLimitMs });
    const isSessionRequired = options.isSessionRequired ?? false;
    this.#legacy = new LegacyHttp({ mux, sessions: this.#sessions, isSessionRequired });
    this.#era = new ModernEra(mux);
    this.#modern = new ModernHttp(mux, this.#era);
    if (options.isOldSseServed ?? true) {
      const limits = { messagesPath: this.#messagesPath, bodyLimitBytes: this.#bodyLimitBytes };
      this.#oldSse = new OldSse({ mux, ...limits });
    }
    this.paths = this.#oldSse === undefined ? [this.#mcpPath] : [this.#mcpPath, this.#ssePath];
  }

  get counts(): Record<FrontCount, number> {
    return {
      sessions: this.#sessions.count,
      oldSse: this.#oldSse?.count ?? 0,
      modernStreams: this.#modern.streamCount,
      ...this.#era.counts,
    };
  }

  fetch(request: Request, caller?: Caller): Promise<Response> | undefined {
    const given = pathOf(request.url);
    const path = given.endsWith("/") ? given.slice(0, -1) : given;
    const isServed =
      path === this.#mcpPath || path === this.#ssePath || path === this.#messagesPath;
    return isServed ? this.#serve(request, path, caller) : undefined;
  }

  close(): void {
    this.#sessions.close();
    this.#modern.close();
    this.#oldSse?.close();
  }

  async #serve(request: Request, path: string, caller: Caller | undefined): Promise<Response> {
    const preflight = this.#isGuarded ? undefined : this.#guard.findPreflight(request);
    if (preflight !== undefined) return preflight;
    const refusal = this.#isGuarded ? undefined : this.#guard.findRefusal(request.headers);
    try {
      const response = refusal ? refuse(refusal) : await this.#route(request, path, caller);
      return this.#guard.addCors(request, response);
    } catch (error) {
      // A client that leaves in the middle of its body is no fault of ours.
      const level = request.signal.aborted ? "debug" : "error";
      this.#log[level]({ err: error }, "a request failed");
      const message = "Cannot serve the request: an internal error; see the server's log";
      return refuse({ status: 500, code: rpcCode.internalError, message });
    }
  }

  #route(
    request: Request,
    path: string,
    caller: Caller | undefined = callerOf(request.headers),
  ): Promise<Response> | Response {
    const requestId = this.#requestIdOf(request.headers);
    const call: HttpCall = { request, requestId, caller };
    if (path === this.#messagesPath) return this.#postMessage(call);
    // A client that knows one URL only tries both transports on it, so both paths serve both.
    if (request.method === "POST") return this.#post(call);
    const hasSession = request.headers.has("mcp-session-id");
    if (request.method === "DELETE" && hasSession) return this.#legacy.delete(call);
    if (request.method === "GET" && hasSession) return this.#legacy.get(call);
    if (request.method === "GET" && this.#wantsOldSse(request, path)) {
      return this.#oldSse?.open(requestId, caller?.principal) ?? refuse(switchedOff(this.#mcpPath));
    }
    return refuse(methodNotAllowed(request.method));
  }

  async #post(call: HttpCall): Promise<Response> {
    const { headers } = call.request;
    const refusal = findMediaRefusal(headers);
    if (refusal !== undefined) return refuse(refusal);
    const parsed = await readMessage(call.request, this.#bodyLimitBytes);
    if (parsed.kind === "refused") return refuse(parsed.refusal);
    if (parsed.kind === "invalid") {
      const { id, error } = parsed.answer;
      return refuse({ status: 400, id, code: error.code, message: error.message });
    }
    if (parsed.kind === "batch") return this.#legacy.post(call, parsed);
    const { message } = parsed;
    const isModern =
      claimsVersion(message) || headers.get("mcp-protocol-version") === modernVersion;
    return isModern
      ? this.#modern.post(call, message)
      : this.#legacy.post(call, { messages: [message], refused: [] });
  }

  #postMessage({ request, requestId, caller }: HttpCall): Promise<Response> | Response {
    if (this.#oldSse === undefined) return refuse(switchedOff(this.#mcpPath));
    if (request.method !== "POST") return refuse(methodNotAllowed(request.method));
    return this.#oldSse.post(request, requestId, caller);
  }

  /** Only a client of 2024-11-05 opens a stream before it has a session or a version. */
  #wantsOldSse({ headers }: Request, path: string): boolean {
    const accept = headers.get("accept") ?? "";
    if (path === this.#ssePath) return accepts(accept, "text/event-stream");
    // A browser accepts anything; it must not hang on the path that is not a stream.
    return accept.includes("text/event-stream") && !headers.has("mcp-protocol-version");
  }

  #requestIdOf(headers: Headers): string {
    const given = headers.get("x-request-id");
    if (given !== null && requestIdPattern.test(given)) return given;
    return `${this.#runId}-${++this.#requestCount}`;
  }
}

function methodNotAllowed(method: string): Refusal {
  const message = `Method Not Allowed: ${method} without a session; send JSON-RPC with POST`;
  const headers = { allow: "POST, GET, DELETE, OPTIONS" };
  return { status: 405, code: rpcCode.serverError, message, headers };
}

function switchedOff(mcpPath: string): Refusal {
  const message = `Cannot serve HTTP+SSE: it is switched off; use Streamable HTTP at ${mcpPath}`;
  return { status: 410, code: rpcCode.serverError, message };
}

function callerOf(headers: Headers): Caller | undefined {
  const authorization = headers.get("authorization");
  return authorization === null ? undefined : { authorization };
}

/** The path of an absolute URL; `new URL` would cost more than the rest of the routing. */
export function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  if (start === -1) return "/";
  const end = url.indexOf("?", start);
  return end === -1 ? url.slice(start) : url.slice(start, end);
}
