import { optionalUrl, proxySetting, secretSetting } from "../../src/core/commonSettings.ts";
import { defineSettings, truth, wholeNumber } from "../../src/core/settings.ts";
import { openUpstream } from "../../src/core/upstream.ts";
import { serve } from "../../src/kit/serve.ts";
import { defineServer } from "../../src/kit/server.ts";
import { openLocalDesk } from "./localDesk.ts";
import { openServiceDesk } from "./serviceDesk.ts";
import { type DecisionDeps, tools } from "./tools.ts";

const settings = defineSettings({
  baseUrl: {
    flag: "claims-api-base-url",
    env: ["CLAIMS_API_BASE_URL"],
    parse: optionalUrl,
    expected: "an http(s) URL, for example http://localhost:8000",
    default: "",
    about: "Where the claims service answers; without it the facts come with each call",
  },
  token: secretSetting(
    ["CLAIMS_API_TOKEN", "INTERNAL_TOKEN"],
    "The bearer token that the claims service's internal endpoints ask for",
  ),
  patienceSeconds: {
    flag: "claims-api-patience-seconds",
    env: ["CLAIMS_API_PATIENCE_SECONDS"],
    parse: wholeNumber(0),
    expected: "a whole number of seconds",
    default: "8",
    about: "How long a call asks a claims service again that is away",
  },
  highValueThreshold: {
    flag: "high-value-threshold",
    env: ["CLAIMS_HIGH_VALUE_THRESHOLD"],
    parse: wholeNumber(1),
    expected: "a whole number of currency units",
    default: "10000",
    about: "The amount from which on a person decides",
  },
  isMasked: {
    flag: "mask-pii",
    env: ["MASK_PII"],
    parse: truth,
    expected: "true or false",
    default: "true",
    about: "Masks personal data in answers; what is recorded is never masked",
  },
  isRunRequired: {
    flag: "require-run-id",
    env: ["DECISION_REQUIRE_RUN_ID"],
    parse: truth,
    expected: "true or false",
    default: "false",
    isSwitch: true,
    about:
      "Refuses calls without run_id, so that an agent can decide only the run that it was given",
  },
  proxy: proxySetting,
});

const server = defineServer({
  binary: "decision-mcp",
  name: "decision-server",
  title: "Decision",
  about: "MCP server that checks an agent's decision on an insurance claim and records it.",
  instructions:
    "Records the decision on a claim. Call make_final_decision last and once, with the claim_id, user_id and run_id that " +
    "you were given. Policy rules may make the decision stricter; recommendation in the answer is what counts.",
  failures: "success",
  http: { port: 8080 },
  settings,
  examples: [
    "decision-mcp",
    "decision-mcp --claims-api-base-url http://localhost:8000 --transport http",
  ],
  tools,
  open: ({ baseUrl, token, proxy, patienceSeconds, ...options }): DecisionDeps => ({
    ...options,
    desk:
      baseUrl === undefined
        ? openLocalDesk()
        : openServiceDesk(
            openUpstream({ name: "claims service", baseUrl, token, isProxied: proxy !== "" }),
            patienceSeconds * 1000,
          ),
  }),
  isReady: ({ desk }) => desk.isReady(),
});

export default server;
if (import.meta.main) await serve(server);
