/** The plain recipe for an MCP server over stdio: the SDK v1's `McpServer` on its stdio transport. */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { getCustomer, readCustomer } from "./customerTool.ts";

const rest = process.env.CUSTOMER_API_BASE_URL ?? "";
const server = new McpServer({ name: "customer-api", version: "1.0.0" });
server.registerTool(getCustomer.name, getCustomer.config, ({ customer_id }) =>
  readCustomer(rest, customer_id),
);
await server.connect(new StdioServerTransport());
