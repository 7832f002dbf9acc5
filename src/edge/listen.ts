import { AppError } from "../core/fault.ts";
import { stopLimitMs } from "../wire/serve.ts";
import type { Gateway } from "./gateway.ts";

export interface GatewayServer {
  readonly url: string;
  readonly port: number;
  /** Takes no new requests, answers those in flight within their bounds, then ends every server. */
  stop(): Promise<void>;
}

/**
 * Puts a gateway on an address.
 * @throws AppError `unavailable` when the address is taken, or not this machine's.
 */
export function listenGateway(
  gateway: Gateway,
  { host, port }: { host: string; port: number },
): GatewayServer {
  const server = serve(gateway, { host, port });
  const shown = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${shown}:${server.port}`,
    port: server.port ?? port,
    async stop() {
      const stopped = server.stop();
      const limit = setTimeout(() => void server.stop(true), stopLimitMs);
      // Children finish their calls first, and the answers leave before the connections are cut.
      await gateway.close();
      await stopped;
      clearTimeout(limit);
    },
  };
}

function serve(gateway: Gateway, { host, port }: { host: string; port: number }) {
  try {
    return Bun.serve({
      hostname: host,
      port,
      // A stream is silent between keep-alives; Bun would close it.
      idleTimeout: 0,
      // The fronts answer 413 themselves, with a reason.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      fetch: (request) => gateway.fetch(request),
    });
  } catch (cause) {
    const state = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new AppError("unavailable", `Cannot listen on "${host}:${port}": ${state}`, {
      hint: "Choose another address with --host and --port; port 0 takes a free one.",
      cause,
    });
  }
}
