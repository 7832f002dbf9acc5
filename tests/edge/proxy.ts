import { connect, type Socket } from "node:net";
import pino from "pino";
import { type Egress, openEgress } from "../../src/edge/egress.ts";

/** The egress proxy in front of an HTTP server that says what it was asked, with names that resolve as a test wants. */
export interface TestProxy {
  egress: Egress;
  /** Where the HTTP server is. */
  port: number;
  /** What each name resolves to, one answer a lookup; the last stays. */
  zone: Map<string, string[][]>;
  /** What was logged. */
  lines: unknown[];
  /** The names that were looked up. */
  lookups: string[];
  /** Forgets what was logged and looked up, and every name. */
  reset(): void;
  close(): Promise<void>;
}

export async function openTestProxy(): Promise<TestProxy> {
  const zone = new Map<string, string[][]>();
  const lines: unknown[] = [];
  const lookups: string[] = [];
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: echo });
  const egress = await openEgress({
    log: pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }),
    resolve: async (host) => {
      lookups.push(host);
      const answers = zone.get(host) ?? [];
      return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    },
    privateHosts: ["service.internal"],
    limits: { connectionsPerBundle: 2, headMs: 200, connectMs: 300, idleMs: 300 },
  });
  const reset = (): void => {
    zone.clear();
    lines.length = 0;
    lookups.length = 0;
  };
  const close = async (): Promise<void> => {
    await egress.close();
    await server.stop(true);
  };
  return { egress, port: server.port ?? 0, zone, lines, lookups, reset, close };
}

async function echo(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const hop = request.headers.get("proxy-authorization");
  return Response.json({
    host: request.headers.get("host"),
    pathname,
    sent: await request.text(),
    hop,
  });
}

/** Asks through the proxy as a bundle with these hosts would. */
export async function askThrough(
  { egress }: TestProxy,
  { allow, deny = [] }: { allow: true | string[]; deny?: string[] },
  url: string,
  init: RequestInit = {},
): Promise<unknown> {
  const guest = egress.admit("test", { allow, deny });
  try {
    const response = await fetch(url, { ...init, proxy: guest.url, keepalive: false });
    const text = await response.text();
    return response.ok ? JSON.parse(text) : `${response.status} ${text.trim()}`;
  } finally {
    guest.release();
  }
}

/** Sends text and reads until the proxy closes. */
export async function exchangeWith({ egress }: TestProxy, text: string): Promise<string> {
  const socket = connect(egress.port, "127.0.0.1");
  socket.write(text);
  let received = "";
  for await (const chunk of socket) received += String(chunk);
  return received;
}

/** Sends text and waits for the first answer. */
export async function openThrough({ egress }: TestProxy, text: string): Promise<Socket> {
  const socket = connect(egress.port, "127.0.0.1");
  socket.write(text);
  await new Promise((resolve) => socket.once("data", resolve));
  return socket;
}
