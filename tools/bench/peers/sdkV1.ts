/**
 * The MCP SDK v1 on its web-standard transport. `bun sdkV1.ts <port> <rest url> <stateless|json|session>`
 * Stateless is the form of its guide: a server and a transport per request, answers as events. JSON answers are an
 * option of it that is faster.
 */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport as Transport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { getCustomer, readCustomer } from "./customerTool.ts";

const [port, rest = "", mode] = process.argv.slice(2);

function openServer(): McpServer {
  const server = new McpServer({ name: "customer-api", version: "1.0.0" });
  server.registerTool(getCustomer.name, getCustomer.config, ({ customer_id }) =>
    readCustomer(rest, customer_id),
  );
  return server;
}

async function answerStateless(request: Request): Promise<Response> {
  const transport = new Transport({ enableJsonResponse: mode === "json" });
  const server = openServer();
  await server.connect(transport);
  return transport.handleRequest(request);
}

const sessions = new Map<string, Transport>();

async function answerInSession(request: Request): Promise<Response> {
  const known = sessions.get(request.headers.get("mcp-session-id") ?? "");
  if (known) return known.handleRequest(request);
  const transport: Transport = new Transport({
    sessionIdGenerator: () => crypto.randomUUID(),
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  await openServer().connect(transport);
  return transport.handleRequest(request);
}

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  idleTimeout: 0,
  fetch: (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    return mode === "session" ? answerInSession(request) : answerStateless(request);
  },
});
