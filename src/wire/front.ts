import type { Secret } from "../core/secret.ts";
import { bodyLimitBytes, findMediaRefusal, readMessage } from "./body.ts";
import type { Origin } from "./channel.ts";
import { Guard } from "./guard.ts";
import { type LegacyCall, LegacyHttp } from "./legacy.ts";
import { silentLog, type WireLog } from "./log.ts";
import { rpcCode } from "./message.ts";
import type { Mux } from "./mux.ts";
import { refuse } from "./refusal.ts";
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
  bodyLimitBytes?: number;
  sessionLimitCount?: number;
  sessionIdleLimitMs?: number;
  /** True refuses calls that name no session; by default they are served statelessly. */
  isSessionRequired?: boolean;
  log?: WireLog;
}

/** One MCP server on HTTP: a pure function of the request, mountable in any web server. */
export interface Front {
  /** Answers a request, or nothing when its path is not one of this front's. */
  fetch(request: Request): Promise<Response> | undefined;
  /** The paths that it serves, for an answer that names the right one. */
  readonly paths: readonly string[];
  readonly sessions: Sessions;
  /** Ends all sessions and streams; the server itself stays. */
  close(): void;
}

/** Opens an HTTP front for the server behind `options.mux`: `/mcp` and `/sse`. */
export function createFront(options: FrontOptions): Front {
  return new HttpFront(options);
}

const requestIdPattern = /^[\w.:-]{1,128}$/;

class HttpFront implements Front {
  readonly paths: readonly string[];
  readonly sessions: Sessions;
  readonly #guard: Guard;
  readonly #legacy: LegacyHttp;
  readonly #bodyLimitBytes: number;
  readonly #log: WireLog;
  readonly #runId = crypto.randomUUID().slice(0, 8);
  #requestCount = 0;

  constructor(options: FrontOptions) {
    const { mux, basePath = "" } = options;
    this.paths = [`${basePath}/mcp`];
    this.#log = options.log ?? silentLog;
    this.#guard = new Guard(options);
    this.#bodyLimitBytes = options.bodyLimitBytes ?? bodyLimitBytes;
    const { sessionLimitCount: limitCount, sessionIdleLimitMs: idleLimitMs } = options;
    this.sessions = new Sessions({ mux, limitCount, idleLimitMs });
    const isSessionRequired = options.isSessionRequired ?? false;
    this.#legacy = new LegacyHttp({ mux, sessions: this.sessions, isSessionRequired });
  }

  fetch(request: Request): Promise<Response> | undefined {
    const path = pathOf(request.url);
    if (path === this.paths[0] || path === `${this.paths[0]}/`) return this.#serve(request);
    return undefined;
  }

  close(): void {
    this.sessions.close();
  }

  async #serve(request: Request): Promise<Response> {
    const preflight = this.#guard.findPreflight(request);
    if (preflight !== undefined) return preflight;
    const refusal = this.#guard.findRefusal(request.headers);
    try {
      const response = refusal ? refuse(refusal) : await this.#route(request);
      return this.#guard.addCors(request, response);
    } catch (error) {
      this.#log.error({ err: error }, "a request failed");
      const message = "Cannot serve the request: an internal error; see the server's log";
      return refuse({ status: 500, code: rpcCode.internalError, message });
    }
  }

  #route(request: Request): Promise<Response> | Response {
    const requestId = this.#requestIdOf(request.headers);
    const call: LegacyCall = { request, requestId, origin: originOf(request.headers) };
    if (request.method === "POST") return this.#post(call);
    if (request.method === "GET") return this.#legacy.get(call);
    if (request.method === "DELETE") return this.#legacy.delete(call);
    const message = `Method Not Allowed: ${request.method}; send POST, GET or DELETE`;
    const headers = { allow: "GET, POST, DELETE, OPTIONS" };
    return refuse({ status: 405, code: rpcCode.serverError, message, headers });
  }

  async #post(call: LegacyCall): Promise<Response> {
    const refusal = findMediaRefusal(call.request.headers);
    if (refusal !== undefined) return refuse(refusal);
    const parsed = await readMessage(call.request, this.#bodyLimitBytes);
    if (parsed.kind === "refused") return refuse(parsed.refusal);
    if (parsed.kind === "invalid") {
      const { id, error } = parsed.answer;
      return refuse({ status: 400, id, code: error.code, message: error.message });
    }
    return this.#legacy.post(call, parsed.kind === "batch" ? parsed.entries : [parsed.message]);
  }

  #requestIdOf(headers: Headers): string {
    const given = headers.get("x-request-id");
    if (given !== null && requestIdPattern.test(given)) return given;
    return `${this.#runId}-${++this.#requestCount}`;
  }
}

function originOf(headers: Headers): Origin | undefined {
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
