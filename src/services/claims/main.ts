import { runProgram } from "../../core/program.ts";
import { startRestService } from "../rest-program.ts";
import { claimsService } from "./service.ts";
import { claimsSettings, databaseUrlOf } from "./settings.ts";
import { openAgent } from "./stand-in-agent.ts";

await runProgram({
  name: "claims-api",
  about: "Serves insurance claims over REST and has them processed by an agent.",
  settings: claimsSettings,
  examples: [
    "claims-api --database-url postgres://postgres:postgres@localhost:5432/claims_db",
    "claims-api --port 0 --documents-root ./documents",
  ],
  start: (settings, context) => {
    const service = claimsService(settings, { agent: openAgent(), log: context.log });
    const values = { ...settings, databaseUrl: databaseUrlOf(settings) };
    return startRestService(service, values, context);
  },
});
