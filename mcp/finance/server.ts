import { defineRestServer } from "../../src/kit/restServer.ts";
import { serve } from "../../src/kit/serve.ts";
import { tools } from "./tools.ts";

const server = defineRestServer({
  domain: "finance",
  about: "MCP server for FantaCo's finance: orders, invoices, disputes and receipts.",
  instructions:
    "Reads a customer's orders, invoices, disputes and receipts, starts disputes and looks for lost receipts. All " +
    "tools take the customerId that the customer server's search_customers returns, for example AROUT. Tools that " +
    "write say so in their annotations: ask the user before calling them.",
  port: 8002,
  restPort: 8082,
  tools,
});

export default server;
if (import.meta.main) await serve(server);
