import { defineRestServer } from "../../src/kit/restServer.ts";
import { serve } from "../../src/kit/serve.ts";
import { tools } from "./tools.ts";

const server = defineRestServer({
  domain: "customer",
  about: "MCP server for FantaCo's customers: search them and read their records.",
  instructions:
    "Finds FantaCo's customers. Start with search_customers; its customerId is what get_customer and the finance " +
    "server's tools take.",
  port: 8001,
  restPort: 8081,
  tools,
});

export default server;
if (import.meta.main) await serve(server);
