/** The MCP SDK v2 with its own stateless handler. `bun sdkV2.ts <port> <rest url>` */
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { getCustomer, readCustomer } from "./customerTool.ts";

const [port, rest = ""] = process.argv.slice(2);

const handler = createMcpHandler(
  () => {
    const server = new McpServer({ name: "customer-api", version: "1.0.0" });
    server.registerTool(getCustomer.name, getCustomer.config, ({ customer_id }) =>
      readCustomer(rest, customer_id),
    );
    return server;
  },
  { legacy: "stateless" },
);

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  idleTimeout: 0,
  fetch: (request) => handler.fetch(request),
});
