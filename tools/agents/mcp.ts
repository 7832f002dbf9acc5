import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { AppError } from "../../src/core/fault.ts";
import type { Secret } from "../../src/core/secret.ts";
import { version } from "../../src/core/version.ts";

/** How long connecting, and one call, may take, in milliseconds. */
const connectLimitMs = 10_000;
const callLimitMs = 30_000;

/** An MCP server as these programs call it themselves, without a model. */
export interface ToolClient extends AsyncDisposable {
  client: Client;
  /** Calls a tool and returns its structured content. @throws AppError with the tool's own words. */
  call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** Connects to a server by its address, which ends in /mcp or /sse. @throws AppError `unavailable`. */
export async function connectTools(url: string, token: Secret | undefined): Promise<ToolClient> {
  const headers = token ? { authorization: `Bearer ${token.reveal()}` } : {};
  const options = { requestInit: { headers } };
  const address = new URL(url);
  const transport = address.pathname.endsWith("/sse")
    ? new SSEClientTransport(address, options)
    : new StreamableHTTPClientTransport(address, options);
  const client = new Client({ name: "berth-agents", version });
  await client.connect(transport, { timeout: connectLimitMs }).catch((cause: unknown) => {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("unavailable", `Cannot reach the MCP server at ${url}: ${said}`, {
      hint: "Start the servers with `bun run up`, or set CUSTOMER_MCP_SERVER_URL and FINANCE_MCP_SERVER_URL.",
      cause,
    });
  });
  return {
    client,
    call: async (name, args) => {
      const result = await client.callTool({ name, arguments: args }, undefined, {
        timeout: callLimitMs,
      });
      const content: Record<string, unknown> = Object(result.structuredContent);
      if (result.isError !== true) return content;
      const said = [content.error, content.detail].map(wordOf).filter(Boolean).join(": ");
      throw new AppError(
        "upstream_invalid",
        `Cannot call ${name} at ${url}: ${said || "it failed"}`,
      );
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

function wordOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
