/**
 * The echo tool on the MCP SDK v1's own HTTP server, in the form of its guide: `StreamableHTTPServerTransport` on node:http.
 * `bun echoSdk.ts <port> <stateless|session>`: a server and a transport per request, or one of each for a session.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport as Transport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport as SdkTransport } from "@modelcontextprotocol/sdk/shared/transport.js";
import * as z from "zod";

const [port, mode] = process.argv.slice(2);

async function connect(transport: Transport): Promise<void> {
  const server = new McpServer({ name: "echo", version: "1.0.0" });
  const config = {
    title: "Echo",
    description: "Returns the text that it is given.",
    inputSchema: { text: z.string() },
    outputSchema: { text: z.string() },
    annotations: { readOnlyHint: true },
  };
  server.registerTool("echo", config, ({ text }) => ({
    content: [{ type: "text", text: JSON.stringify({ text }) }],
    structuredContent: { text },
  }));
  // Its own types disagree under exactOptionalPropertyTypes.
  await server.connect(transport as SdkTransport);
}

async function serveStateless(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const transport = new Transport({});
  await connect(transport);
  await transport.handleRequest(request, response);
}

const sessions = new Map<string, Transport>();

async function serveSession(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const known = sessions.get(String(request.headers["mcp-session-id"]));
  if (known !== undefined) return known.handleRequest(request, response);
  const transport: Transport = new Transport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  await connect(transport);
  return transport.handleRequest(request, response);
}

createServer((request, response) => {
  if (request.method !== "POST") response.writeHead(405).end();
  else void (mode === "session" ? serveSession : serveStateless)(request, response);
}).listen(Number(port), "127.0.0.1");
