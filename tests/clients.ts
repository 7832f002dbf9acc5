import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";

/** A real client, and how to let go of it. */
export interface TestClient extends AsyncDisposable {
  client: Client;
}

/** The official v1 client on a program's stdin and stdout. */
export function connectStdio([command = "", ...args]: readonly string[]): Promise<TestClient> {
  return connect(new StdioClientTransport({ command, args, stderr: "ignore" }));
}

/** The official v1 client over Streamable HTTP. */
export function connectHttp(url: string): Promise<TestClient> {
  return connect(new StreamableHTTPClientTransport(new URL(url)));
}

/** The official v1 client over the older HTTP+SSE. */
export function connectSse(url: string): Promise<TestClient> {
  return connect(new SSEClientTransport(new URL(url)));
}

async function connect(transport: Transport): Promise<TestClient> {
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(transport);
  return { client, [Symbol.asyncDispose]: () => client.close() };
}
