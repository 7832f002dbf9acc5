/** Asks an agent that has both servers one question. */
import { supportAgent } from "./agents.ts";
import { askOnce } from "./askOnce.ts";

await askOnce({
  name: "support-agent",
  about: "Puts a question to a model that has the customer and the finance server's tools.",
  question: "Find the customer with email thomashardy@example.com and show their order history",
  agentOf: supportAgent,
});
