import { serve } from "../../src/kit/serve.ts";
import { defineAgentServer } from "./agentServer.ts";
import { customerAgent } from "./agents.ts";

await serve(
  defineAgentServer({
    domain: "customer",
    subject: "FantaCo's customers",
    port: 8011,
    agentOf: customerAgent,
  }),
);
