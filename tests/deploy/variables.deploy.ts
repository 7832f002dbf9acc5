/** Every variable that a chart or the compose file sets is one that the program knows: a misspelt one would do nothing. */
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { YAML } from "bun";
import { parseObjects, podsOf } from "../../tools/deploy/objects.ts";
import { renderChart } from "../../tools/deploy/render.ts";
import { root, runToEnd } from "../program.ts";

const limitMs = 120_000;

/** Set by the documented deployments and read by nothing. */
const unread = ["MCP_SERVER_NAME"];

const secret = { auth: { existingSecret: "theirs" } };
/** Values that bring out the variables that are not always set. */
const rich: Readonly<Record<string, object>> = {
  "fantaco-mcp": { customer: secret, finance: secret },
  "fantaco-agent": { langgraphFastapi: secret, chatUi: secret },
  claims: { llamaStack: { endpoint: "http://llama:8321" } },
};
const agents: Readonly<Record<string, string>> = {
  "question-api": "tools/agents/question-api.ts",
  "chat-ui": "src/services/support-chat/main.ts",
};

/** What is known of a program, by the arguments of its image. */
async function variablesOf(args: readonly string[]): Promise<readonly string[]> {
  const [word = "", name = ""] = args;
  const entry =
    agents[word] ?? (word === "serve" ? `mcp/${name}/server.ts` : `src/services/${word}/main.ts`);
  const told = await runToEnd([process.execPath, "--no-env-file", join(root, entry), "--manifest"]);
  // Of the program's own making; see src/core/program.ts.
  const { settings } = JSON.parse(told.stdout) as { settings: { env: string[] }[] };
  return [...settings.flatMap(({ env }) => env), ...unread];
}

describe.each(["fantaco-app", "fantaco-mcp", "fantaco-agent", "claims"])("%s", (chart) => {
  test(
    "sets no variable that its programs do not know",
    async () => {
      const { out } = await renderChart(chart, rich[chart] ?? {});
      const strange: string[] = [];
      for (const { spec, isLasting } of podsOf(parseObjects(out))) {
        for (const { args, env = [] } of isLasting ? spec.containers : []) {
          if (args === undefined) continue;
          const known = await variablesOf(args);
          strange.push(...env.map(({ name }) => name).filter((name) => !known.includes(name)));
        }
      }
      expect(strange).toEqual([]);
    },
    limitMs,
  );
});

interface ComposeService {
  image: string;
  command: string[];
  /** Where a service is a few lines of JavaScript and no program. */
  entrypoint?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  read_only?: boolean;
}

describe("compose.yaml", () => {
  test(
    "sets no variable that its programs do not know, names versions, and opens loopback alone",
    async () => {
      const text = await Bun.file(join(root, "containers/compose.yaml")).text();
      // Its members are compared below.
      const { services } = YAML.parse(text) as { services: Record<string, ComposeService> };
      const strange: string[] = [];
      for (const [name, service] of Object.entries(services)) {
        if (!/:\d/.test(service.image)) strange.push(`${name} is ${service.image}`);
        const open = (service.ports ?? []).filter((port) => !port.startsWith("127.0.0.1:"));
        strange.push(...open.map((port) => `${name} opens ${port}`));
        if (service.read_only !== true || service.entrypoint) continue;
        const known = await variablesOf(service.command);
        const own = Object.keys(service.environment ?? {});
        strange.push(
          ...own.filter((each) => !known.includes(each)).map((each) => `${name}: ${each}`),
        );
      }
      expect(strange).toEqual([]);
      expect(Object.keys(services)).toHaveLength(11);
    },
    limitMs,
  );
});
