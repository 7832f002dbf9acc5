/** Asks the finance agent one question. */
import { financeAgent } from "./agents.ts";
import { askOnce } from "./askOnce.ts";

await askOnce({
  name: "finance-agent",
  about:
    "Puts a question about orders and invoices to a model that has the finance server's tools.",
  question: "Show the orders of customer AROUT",
  agentOf: financeAgent,
});
