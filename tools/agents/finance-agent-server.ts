import { serve } from "../../src/kit/serve.ts";
import { defineAgentServer } from "./agentServer.ts";
import { financeAgent } from "./agents.ts";

await serve(
  defineAgentServer({
    domain: "finance",
    subject: "FantaCo's orders, invoices, disputes and receipts",
    port: 8012,
    agentOf: financeAgent,
  }),
);
