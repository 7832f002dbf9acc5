/** Asks the customer agent one question. */
import { customerAgent } from "./agents.ts";
import { askOnce } from "./askOnce.ts";

await askOnce({
  name: "customer-agent",
  about: "Puts a question about customers to a model that has the customer server's tools.",
  question: "Find the customer with the e-mail address thomashardy@example.com",
  agentOf: customerAgent,
});
