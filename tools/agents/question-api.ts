/** The agent as an HTTP app: look-ups by e-mail address, and questions in words. */
import { type Running, runProgram } from "../../src/core/program.ts";
import { defineSettings, port } from "../../src/core/settings.ts";
import { questionApp } from "./questionApp.ts";
import { agentSettings } from "./settings.ts";

await runProgram({
  name: "question-api",
  about: "Answers questions and look-ups about customers, orders and invoices over HTTP.",
  settings: {
    ...agentSettings,
    ...defineSettings({
      port: {
        flag: "port",
        env: ["PORT"],
        parse: port,
        expected: "a TCP port",
        default: "8000",
        about: "Where it listens; 0 takes a free port",
      },
      host: {
        flag: "host",
        env: ["HOST"],
        parse: agentSettings.model.parse,
        expected: "an address",
        default: "127.0.0.1",
        about: "The address that it listens on",
      },
    }),
  },
  examples: [
    "bun tools/agents/question-api.ts --port 8010",
    "curl 'http://localhost:8010/find_orders?email=thomashardy@example.com'",
  ],
  async start(values, { log }): Promise<Running> {
    const app = questionApp(values);
    const server = Bun.serve({
      port: values.port,
      hostname: values.host,
      // A model may think for longer than connections may be silent.
      idleTimeout: 0,
      fetch: (request) => app.handle(request),
    });
    log.info({ url: server.url.origin }, "listening");
    return { stop: () => server.stop() };
  },
});
