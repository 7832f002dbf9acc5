import * as z from "zod";
import {
  defineSettings,
  httpUrl,
  optionalSecret,
  port,
  type SettingValues,
  wholeNumber,
} from "../../core/settings.ts";

const server = (name: string, shout: string, at: number) => ({
  flag: `${name}-server-url`,
  env: [`${shout}_MCP_SERVER_URL`],
  parse: httpUrl,
  expected: "an http(s) URL that ends in /mcp or /sse",
  default: `http://localhost:${at}/mcp`,
  about: `Where the ${name} MCP server answers`,
});
const secret = (env: string, about: string) => ({
  env: [env],
  parse: optionalSecret,
  expected: "a secret",
  default: "",
  about,
});

/** The settings of the support chat. */
export const chatSettings = defineSettings({
  port: {
    flag: "port",
    env: ["CHAT_UI_PORT", "PORT"],
    parse: port,
    expected: "a port from 0 to 65535",
    default: "3000",
    about: "The port to listen on; 0 takes a free one",
  },
  host: {
    flag: "host",
    env: ["HOST"],
    parse: z.string(),
    expected: "a host name or address",
    default: "127.0.0.1",
    about: "The address to listen on",
  },
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
  toolToken: secret("MCP_SERVERS_TOKEN", "The bearer token that the MCP servers ask for"),
  llamaStackUrl: {
    flag: "llamastack-endpoint",
    env: ["LLAMASTACK_ENDPOINT", "LLAMA_STACK_BASE_URL"],
    parse: z.union([z.literal("").transform(() => undefined), httpUrl]),
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
  apiKey: secret("LLAMASTACK_API_KEY", "The key that Llama Stack asks for"),
  modelTimeoutSeconds: {
    flag: "llamastack-timeout",
    env: ["LLAMASTACK_TIMEOUT"],
    parse: wholeNumber(1),
    expected: "a whole number of seconds",
    default: "300",
    about: "How long one answer of the model may take",
  },
  token: secret("API_TOKEN", "When set, the page asks its readers for it"),
});
export type ChatSettings = SettingValues<typeof chatSettings>;
