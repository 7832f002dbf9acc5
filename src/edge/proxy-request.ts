import { Buffer } from "node:buffer";
import type { Destination } from "./egress-policy.ts";
import { canonicalHost } from "./net-entry.ts";

/** What a client of the proxy asked for. */
export interface ProxyRequest {
  /** The password of Proxy-Authorization; undefined when there is none. */
  token: string | undefined;
  destination: Destination;
  /** What the server is sent first; empty for a tunnel, whose bytes are the client's own. */
  forwarded: string;
  isTunnel: boolean;
}

const requestLine = /^([A-Z]{1,32}) (\S{1,8192}) HTTP\/1\.[01]$/;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*)$/;
/** Between this proxy and its client only; the connection to the server serves one request. */
const hopHeaders: ReadonlySet<string> = new Set([
  "proxy-authorization",
  "proxy-connection",
  "connection",
  "keep-alive",
]);

/**
 * Reads the head of a request in authority form (CONNECT) or absolute form; undefined when it is
 * neither.
 */
export function parseProxyRequest(head: string): ProxyRequest | undefined {
  const [first = "", ...lines] = head.split("\r\n");
  const [, method, target] = requestLine.exec(first) ?? [];
  const headers = lines.map((line) => headerLine.exec(line));
  if (method === undefined || target === undefined || headers.includes(null)) return undefined;
  const fields = headers.map((match) => [match?.[1] ?? "", match?.[2] ?? ""] as const);
  const token = readToken(fields);
  if (method === "CONNECT") {
    const destination = parseAuthority(target);
    return destination && { token, destination, forwarded: "", isTunnel: true };
  }
  const url = parseHttpUrl(target);
  if (!url) return undefined;
  const kept = fields.filter(([name]) => !hopHeaders.has(name.toLowerCase()) && !isHost(name));
  const forwarded = [
    `${method} ${url.pathname}${url.search} HTTP/1.1`,
    // The Host header follows the target, as RFC 9112 (3.2.2) asks of a proxy.
    `Host: ${url.host}`,
    ...kept.map(([name, value]) => `${name}: ${value}`),
    "Connection: close",
  ];
  const host = canonicalHost(url.hostname);
  if (host === undefined) return undefined;
  return {
    token,
    destination: { host, port: url.port === "" ? 80 : Number(url.port) },
    forwarded: `${forwarded.join("\r\n")}\r\n\r\n`,
    isTunnel: false,
  };
}

function parseAuthority(target: string): Destination | undefined {
  const [, name, digits] = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]+):(\d{1,5})$/.exec(target) ?? [];
  const host = name === undefined ? undefined : canonicalHost(name);
  const port = Number(digits);
  return host !== undefined && port > 0 && port <= 65_535 ? { host, port } : undefined;
}

function parseHttpUrl(target: string): URL | undefined {
  if (!/^http:\/\//i.test(target)) return undefined;
  try {
    return new URL(target);
  } catch {
    return undefined;
  }
}

function readToken(fields: readonly (readonly [string, string])[]): string | undefined {
  const value = fields.find(([name]) => name.toLowerCase() === "proxy-authorization")?.[1];
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(value ?? "")?.[1];
  if (basic === undefined) return undefined;
  const decoded = Buffer.from(basic, "base64").toString("utf8");
  return decoded.slice(decoded.indexOf(":") + 1);
}

function isHost(name: string): boolean {
  return name.toLowerCase() === "host";
}
