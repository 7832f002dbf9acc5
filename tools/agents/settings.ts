import * as z from "zod";
import { secretSetting } from "../../src/core/commonSettings.ts";
import type { Secret } from "../../src/core/secret.ts";
import { defineSettings, httpUrl, type Setting, wholeNumber } from "../../src/core/settings.ts";

/** Where an agent program finds its model and its tools. */
export interface AgentValues {
  readonly llamaStackUrl: string;
  readonly model: string;
  readonly apiKey: Secret | undefined;
  readonly customerUrl: string;
  readonly financeUrl: string;
  readonly toolToken: Secret | undefined;
  readonly timeoutSeconds: number;
}

/** The settings that every agent program has. The defaults are the addresses of `bun run up`. */
export const agentSettings: { [Name in keyof AgentValues]: Setting<AgentValues[Name]> } =
  defineSettings({
    llamaStackUrl: {
      flag: "llama-stack",
      env: ["LLAMA_STACK_BASE_URL"],
      parse: httpUrl.transform((url) => url.replace(/\/v1$/, "")),
      expected: "an http(s) URL, for example http://localhost:8321",
      default: "http://localhost:8321",
      about: "Where Llama Stack, OGX or another server with a Responses API answers",
    },
    model: {
      flag: "model",
      env: ["INFERENCE_MODEL"],
      parse: z.string().min(1),
      expected: "a model id as the server lists it under /v1/models",
      default: "vllm/qwen3-14b",
      about: "The model that decides which tool comes next",
    },
    apiKey: secretSetting(
      ["LLAMA_STACK_API_KEY", "API_KEY"],
      "The key that the server asks for",
      "an API key",
    ),
    customerUrl: serverUrl("customer"),
    financeUrl: serverUrl("finance"),
    toolToken: secretSetting("MCP_SERVERS_TOKEN", "The bearer token that the MCP servers ask for"),
    timeoutSeconds: {
      flag: "timeout",
      env: ["AGENT_TIMEOUT"],
      parse: wholeNumber(1),
      expected: "a whole number of seconds",
      default: "300",
      about: "How long one answer of the model, with all its tool calls, may take",
    },
  });

/** What is asked of an agent that answers one question and ends. */
export function questionSetting(example: string): { question: Setting<string> } {
  return defineSettings({
    question: {
      flag: "question",
      parse: z.string().min(1),
      expected: "a question",
      default: example,
      about: "What the agent is asked",
    },
  });
}

function serverUrl(domain: "customer" | "finance"): Setting<string> {
  const shout = domain.toUpperCase();
  return {
    flag: `${domain}-mcp`,
    env: [`${shout}_MCP_SERVER_URL`, `MCP_${shout}_SERVER_URL`],
    parse: httpUrl,
    expected: "an http(s) URL that ends in /mcp or /sse",
    default: `http://localhost:8080/${domain}-mcp/mcp`,
    about: `Where the ${domain} MCP server answers, as the Llama Stack reaches it`,
  };
}
