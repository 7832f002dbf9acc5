import { createHash, timingSafeEqual } from "node:crypto";
import type { Secret } from "../core/secret.ts";
import { rpcCode } from "./message.ts";
import type { Refusal } from "./refusal.ts";

export interface GuardOptions {
  /**
   * Host names, with or without port, under which the front may be called beside the loopback
   * names; "*" allows any.
   */
  allowedHosts?: readonly string[] | undefined;
  /** Origins of web pages that may call it, beside pages of the allowed hosts; "*" allows any. */
  allowedOrigins?: readonly string[] | undefined;
  /** What callers must send as `Authorization: Bearer`; without it nobody is asked. */
  token?: Secret | undefined;
}

const loopbackNames = new Set(["localhost", "127.0.0.1", "[::1]", "::1"]);
const allowedHeaders = [
  "authorization",
  "content-type",
  "accept",
  "last-event-id",
  "mcp-session-id",
  "mcp-protocol-version",
  "mcp-method",
  "mcp-name",
  "x-request-id",
  "traceparent",
  "tracestate",
  "x-mcp-tools",
  "x-mcp-exclude-tools",
  "x-mcp-readonly",
].join();

/**
 * Decides who may call: host names, web origins, and the token. On by default, because servers bind
 * to localhost.
 */
export class Guard {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #tokenHash: Buffer | undefined;
  /** One that is allowed. */
  #lastHost: string | undefined;

  constructor(options: GuardOptions) {
    this.#hosts = new Set(options.allowedHosts?.map((host) => host.toLowerCase()));
    this.#origins = new Set(options.allowedOrigins?.map((origin) => origin.toLowerCase()));
    this.#tokenHash = options.token && hash(options.token.reveal());
  }

  /** Why the request is refused, or undefined when it may go on. */
  findRefusal(headers: Headers): Refusal | undefined {
    const host = headers.get("host");
    if (!this.#isHostAllowed(host)) {
      const message = `Cannot serve the host ${JSON.stringify(host)}: it is not an allowed one`;
      return { status: 403, code: rpcCode.serverError, message };
    }
    const origin = headers.get("origin");
    if (origin !== null && !this.#isOriginAllowed(origin)) {
      const message = `Cannot serve pages of ${JSON.stringify(origin)}: no allowed origin`;
      return { status: 403, code: rpcCode.serverError, message };
    }
    if (this.#tokenHash === undefined || this.#isTokenRight(headers)) return undefined;
    const problem = headers.has("authorization") ? ' error="invalid_token"' : "";
    return {
      status: 401,
      code: rpcCode.serverError,
      message: "Cannot serve the request: its bearer token is missing or wrong",
      headers: { "www-authenticate": `Bearer realm="mcp"${problem && `,${problem}`}` },
    };
  }

  /**
   * What a browser wants to hear before it sends the real request; undefined when it did not ask.
   */
  findPreflight(request: Request): Response | undefined {
    if (request.method !== "OPTIONS") return undefined;
    const origin = request.headers.get("origin");
    if (origin === null) return undefined;
    if (!this.#isOriginAllowed(origin)) return new Response(null, { status: 403 });
    const headers = {
      "access-control-allow-origin": origin,
      "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
      "access-control-allow-headers": allowedHeaders,
      "access-control-max-age": "600",
      vary: "origin",
    };
    return new Response(null, { status: 204, headers });
  }

  /** Lets the page that asked read the answer; the origin has been checked by then. */
  addCors(request: Request, response: Response): Response {
    const origin = request.headers.get("origin");
    if (origin === null || !this.#isOriginAllowed(origin)) return response;
    response.headers.set("access-control-allow-origin", origin);
    response.headers.set("access-control-expose-headers", "mcp-session-id, x-request-id");
    response.headers.append("vary", "origin");
    return response;
  }

  #isHostAllowed(host: string | null): boolean {
    // Nearly every request names the host that the last one named.
    if (host === this.#lastHost || this.#hosts.has("*")) return true;
    if (host === null || !this.#isHostListed(host.toLowerCase())) return false;
    this.#lastHost = host;
    return true;
  }

  #isHostListed(host: string): boolean {
    const name = host.replace(/:\d+$/, "");
    return loopbackNames.has(name) || this.#hosts.has(host) || this.#hosts.has(name);
  }

  #isOriginAllowed(origin: string): boolean {
    const lower = origin.toLowerCase();
    if (this.#origins.has("*") || this.#origins.has(lower)) return true;
    const host = /^https?:\/\/([^/]+)$/.exec(lower)?.[1];
    return host !== undefined && this.#isHostListed(host);
  }

  #isTokenRight(headers: Headers): boolean {
    const given = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
    // Hashes have one length, so the comparison takes the same time whatever was sent.
    return given !== undefined && timingSafeEqual(hash(given), this.#tokenHash ?? hash(""));
  }
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
