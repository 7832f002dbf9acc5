import { AppError } from "../core/fault.ts";
import { createFront, type Front, type FrontOptions, pathOf } from "./front.ts";
import { tellMetrics } from "./metrics.ts";
import type { Mux } from "./mux.ts";

/** How long calls in flight may go on after `stop`, in milliseconds. */
export const stopLimitMs = 5_000;
/** How long connections may stay open after everything is said, in milliseconds. */
const closeLimitMs = 500;
/** How often `stop` looks whether the calls in flight have ended, in milliseconds. */
const drainEveryMs = 10;

/**
 * How long a connection may be silent before it is closed, in seconds: the longest that Bun allows.
 */
const idleLimitSeconds = 255;

/** What a readiness check says. */
export interface Readiness {
  isReady: boolean;
  /** Why, by part; shown to whoever asks. */
  detail?: Record<string, unknown>;
}

export interface ServeFrontOptions extends FrontOptions {
  /** The address to listen on; 127.0.0.1 by default. */
  host?: string;
  /** 0 asks the system for a free port. */
  port: number;
  /** Whether what the server needs is there, for example its REST service. */
  checkReady?: () => Promise<Readiness>;
}

export interface FrontServer {
  readonly url: string;
  readonly port: number;
  /** Takes no new requests, answers those in flight within their bound, then closes everything. */
  stop(): Promise<void>;
}

/** Serves one MCP server on an address of its own: `/mcp`, `/sse`, health and metrics. */
export function serveFront(options: ServeFrontOptions): FrontServer {
  const front = createFront(options);
  const { mux, host = "127.0.0.1" } = options;
  const up = { status: "UP" };
  const server = listenOn({
    hostname: host,
    port: options.port,
    // Bun shares a port with whoever else asks for it unless it is told not to.
    reusePort: false,
    // Streams speak every few seconds, so only a connection that nobody uses is closed.
    idleTimeout: idleLimitSeconds,
    // The front answers 413 itself, with a reason, and without reading the body to its end.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    development: false,
    error(error) {
      options.log?.error({ err: error }, "a request failed");
      return Response.json({ error: "Internal Server Error" }, { status: 500 });
    },
    async fetch(request) {
      const response = front.fetch(request);
      if (response !== undefined) return response;
      switch (pathOf(request.url)) {
        case "/health":
        case "/healthz":
        case "/livez":
          return Response.json(up);
        case "/health/ready":
        case "/readyz":
          return answerReady(options);
        case "/metrics":
          return new Response(tellMetrics([{ mux, front }]), {
            headers: { "content-type": "text/plain; version=0.0.4" },
          });
        default:
          return answerUnknownPath(request, front.paths);
      }
    },
  });
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${server.port}`;
  return {
    url,
    port: server.port ?? options.port,
    async stop() {
      const stopped = server.stop();
      await drain(mux, front);
      // A cut-off caller is told so, and can tell a slow server from a dead one.
      mux.failAll("the server is stopping");
      front.close();
      // Whoever still holds a connection open has been told that it ends.
      const limit = setTimeout(() => void server.stop(true), closeLimitMs);
      await stopped;
      clearTimeout(limit);
    },
  };
}

/**
 * Listens, or says what is in the way.
 * @throws AppError `invalid_config` for an address that is in use, unknown or not ours to take.
 */
function listenOn(options: Parameters<typeof Bun.serve>[0]): Bun.Server<undefined> {
  try {
    // The options carry no web-socket data.
    return Bun.serve(options) as Bun.Server<undefined>;
  } catch (cause) {
    const { hostname, port } = options as { hostname: string; port: number };
    const code = Object(cause).code ?? "it cannot be used";
    throw new AppError("invalid_config", `Cannot listen on ${hostname}:${port}: ${code}`, {
      hint: "Choose another --port or --host, or stop what listens there.",
      cause,
    });
  }
}

/** Calls that wait for input of a client are not waited for: it may come in minutes or never. */
async function drain(mux: Mux, front: Front): Promise<void> {
  const until = performance.now() + stopLimitMs;
  while (mux.calls.count > front.counts.held && performance.now() < until) {
    await Bun.sleep(drainEveryMs);
  }
}

async function answerReady(options: ServeFrontOptions): Promise<Response> {
  const { peer } = options.mux;
  if (peer.goneReason !== undefined) return notReady({ server: peer.goneReason });
  if (!peer.isReady) return notReady({ server: "it is starting" });
  const readiness = (await options.checkReady?.()) ?? { isReady: true };
  if (!readiness.isReady) return notReady(readiness.detail);
  return Response.json({ status: "UP", ...readiness.detail });
}

function notReady(detail: Record<string, unknown> | undefined): Response {
  return Response.json({ status: "DOWN", ...detail }, { status: 503 });
}

function answerUnknownPath(request: Request, paths: readonly string[]): Response {
  const path = pathOf(request.url);
  const hint = `MCP is at ${paths.join(" (Streamable HTTP) and ")} here`;
  return Response.json(
    { error: "Not Found", message: `Cannot serve ${JSON.stringify(path)}: no such path`, hint },
    { status: 404 },
  );
}
