import { openAgent, openReader } from "../../agent/open.ts";
import { agentSettings } from "../../agent/settings.ts";
import { runProgram } from "../../core/program.ts";
import { startRestService } from "../rest-program.ts";
import { claimsService } from "./service.ts";
import { claimsSettings, databaseUrlOf } from "./settings.ts";

await runProgram({
  name: "claims-api",
  about: "Serves insurance claims over REST and has them processed by an agent.",
  settings: { ...claimsSettings, ...agentSettings },
  examples: [
    "claims-api --database-url postgres://postgres:postgres@localhost:5432/claims_db",
    "claims-api --port 0 --documents-root ./documents",
  ],
  async start(settings, context) {
    const agent = openAgent(settings);
    const reader = openReader(settings);
    const service = claimsService(settings, { agent, reader, log: context.log });
    const values = { ...settings, databaseUrl: databaseUrlOf(settings) };
    const running = await startRestService(service, values, context);
    return {
      async stop(reason) {
        await running.stop(reason);
        await Promise.all([agent.close(), reader.close()]);
      },
    };
  },
});
