import { runProgram } from "../../core/program.ts";
import { serveChat } from "./serve.ts";
import { chatSettings } from "./settings.ts";

await runProgram({
  name: "support-chat",
  about: "Serves the support agents' chat over the customer and finance servers.",
  settings: chatSettings,
  examples: [
    "support-chat --customer-server-url http://localhost:8080/customer-mcp/mcp --finance-server-url http://localhost:8080/finance-mcp/mcp",
    "support-chat --port 0 --llamastack-endpoint http://localhost:8321",
  ],
  start: (settings, context) => serveChat(settings, context),
});
