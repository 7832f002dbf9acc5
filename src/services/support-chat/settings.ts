import * as z from "zod";
import { hostSetting, optionalUrl, portSetting, secretSetting } from "../../core/commonSettings.ts";
import { defineSettings, httpUrl, type SettingValues, wholeNumber } from "../../core/settings.ts";

const server = (name: string, shout: string, at: number) => ({
  flag: `${name}-server-url`,
  env: [`${shout}_MCP_SERVER_URL`],
  parse: httpUrl,
  expected: "an http(s) URL that ends in /mcp or /sse",
  default: `http://localhost:${at}/mcp`,
  about: `Where the ${name} MCP server answers`,
});

/** The settings of the support chat. */
export const chatSettings = defineSettings({
  port: portSetting(["CHAT_UI_PORT", "PORT"], 3000),
  host: hostSetting,
  database: {
    flag: "database",
    env: ["CHAT_DB"],
    parse: z.string().transform((path) => path || ":memory:"),
    expected: "a path",
    default: "",
    about: "The SQLite file that keeps conversations; without it they end with the process",
  },
  customerUrl: server("customer", "CUSTOMER", 8001),
  financeUrl: server("finance", "FINANCE", 8002),
  toolToken: secretSetting("MCP_SERVERS_TOKEN", "The bearer token that the MCP servers ask for"),
  llamaStackUrl: {
    flag: "llamastack-endpoint",
    env: ["LLAMASTACK_ENDPOINT", "LLAMA_STACK_BASE_URL"],
    parse: optionalUrl,
    expected: "an http(s) URL, for example http://localhost:8321",
    default: "",
    about: "Where the model answers; without it the page offers the tools as forms",
  },
  model: {
    flag: "llamastack-model",
    env: ["LLAMASTACK_DEFAULT_MODEL", "INFERENCE_MODEL"],
    parse: z.string().min(1),
    expected: "a model id as Llama Stack lists it",
    default: "llama-3.2-3b-instruct",
    about: "The model that answers",
  },
  apiKey: secretSetting("LLAMASTACK_API_KEY", "The key that Llama Stack asks for"),
  modelTimeoutSeconds: {
    flag: "llamastack-timeout",
    env: ["LLAMASTACK_TIMEOUT"],
    parse: wholeNumber(1),
    expected: "a whole number of seconds",
    default: "300",
    about: "How long one answer of the model may take",
  },
  token: secretSetting("API_TOKEN", "When set, the page asks its readers for it"),
});
export type ChatSettings = SettingValues<typeof chatSettings>;
