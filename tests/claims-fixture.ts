/** The claims service with the scripted agent, as a process of its own that tests can kill. */
import { runProgram } from "../src/core/program.ts";
import { claimsService } from "../src/services/claims/service.ts";
import { claimsSettings, databaseUrlOf } from "../src/services/claims/settings.ts";
import { startRestService } from "../src/services/rest-program.ts";
import { scriptedAgent } from "./scripted-agent.ts";

await runProgram({
  name: "claims-fixture",
  about: "Serves claims with a scripted agent.",
  settings: claimsSettings,
  examples: [],
  async start(settings, context) {
    let url = "";
    const agent = scriptedAgent(() => url);
    const service = claimsService(settings, { agent, log: context.log });
    const values = { ...settings, databaseUrl: databaseUrlOf(settings) };
    const running = await startRestService(service, values, context);
    url = running.url;
    return running;
  },
});
