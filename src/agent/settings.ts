import * as z from "zod";
import { optionalUrl, secretSetting } from "../core/commonSettings.ts";
import type { Secret } from "../core/secret.ts";
import { defineSettings, httpUrl, type Setting, truth, wholeNumber } from "../core/settings.ts";

/** What an agent is opened with; see `agentSettings` for what each one is. */
export interface AgentValues {
  readonly llamaStackUrl: string | undefined;
  readonly model: string;
  readonly maxTokens: number | undefined;
  readonly apiKey: Secret | undefined;
  readonly modelTimeoutSeconds: number;
  readonly ocrUrl: string;
  readonly ragUrl: string;
  readonly decisionUrl: string;
  readonly toolToken: Secret | undefined;
  readonly ocrLanguage: string;
  readonly isWriteApproved: boolean;
  readonly isShielded: boolean;
  readonly shieldId: string;
  readonly isShieldFailClosed: boolean;
  readonly promptsDir: string;
}

function serverUrl(name: string, shout: string, port: number): Setting<string> {
  return {
    flag: `${name}-server-url`,
    env: [`${shout}_SERVER_URL`, `MCP_${shout}_SERVER_URL`],
    parse: httpUrl,
    expected: "an http(s) URL that ends in /mcp or /sse",
    default: `http://localhost:${port}/mcp`,
    about: `Where the ${name} MCP server answers`,
  };
}

/** The settings of the agent, for the program that opens one. */
export const agentSettings: { [Name in keyof AgentValues]: Setting<AgentValues[Name]> } =
  defineSettings({
    llamaStackUrl: {
      flag: "llamastack-endpoint",
      env: ["LLAMASTACK_ENDPOINT"],
      parse: optionalUrl,
      expected: "an http(s) URL, for example http://localhost:8321",
      default: "",
      about: "Where Llama Stack answers; without it the built-in workflow decides",
    },
    model: {
      flag: "llamastack-model",
      env: ["LLAMASTACK_DEFAULT_MODEL"],
      parse: z.string().min(1),
      expected: "a model id as Llama Stack lists it",
      default: "llama-3.2-3b-instruct",
      about: "The model that decides which tool comes next",
    },
    maxTokens: {
      flag: "llamastack-max-tokens",
      env: ["LLAMASTACK_MAX_TOKENS"],
      parse: z.union([z.literal("").transform(() => undefined), wholeNumber(1)]),
      expected: "a whole number of tokens",
      default: "",
      about: "The most tokens of one answer of the model; without it the server's own limit counts",
    },
    apiKey: secretSetting("LLAMASTACK_API_KEY", "The key that Llama Stack asks for", "an API key"),
    modelTimeoutSeconds: {
      flag: "llamastack-timeout",
      env: ["LLAMASTACK_TIMEOUT"],
      parse: wholeNumber(1),
      expected: "a whole number of seconds",
      default: "300",
      about: "How long one answer of the model, with all its tool calls, may take",
    },
    ocrUrl: serverUrl("ocr", "OCR", 8003),
    ragUrl: serverUrl("rag", "RAG", 8004),
    decisionUrl: serverUrl("decision", "DECISION", 8005),
    toolToken: secretSetting("MCP_SERVERS_TOKEN", "The bearer token that the MCP servers ask for"),
    ocrLanguage: {
      flag: "ocr-language",
      env: ["OCR_LANGUAGE"],
      parse: z.string().min(1),
      expected: "auto or languages such as eng,fra",
      default: "auto",
      about: "The language in which documents are read",
    },
    isWriteApproved: {
      flag: "approve-writes",
      env: ["AGENT_APPROVE_WRITES"],
      parse: truth,
      expected: "true or false",
      default: "false",
      isSwitch: true,
      about: "Has every decision call of the model approved before it is carried out",
    },
    isShielded: {
      env: ["ENABLE_PII_DETECTION"],
      parse: truth,
      expected: "true or false",
      default: "false",
      about: "Has the shield look at the document's text before the model sees it",
    },
    shieldId: {
      env: ["PII_SHIELD_ID"],
      parse: z.string(),
      expected: "the id of a shield of Llama Stack",
      default: "",
      about: "The shield that is asked",
    },
    isShieldFailClosed: {
      env: ["PII_FAIL_CLOSED"],
      parse: truth,
      expected: "true or false",
      default: "false",
      about: "Sends a claim to a person when the shield does not answer",
    },
    promptsDir: {
      flag: "prompts-dir",
      env: ["PROMPTS_DIR"],
      parse: z.string(),
      expected: "a folder",
      default: "",
      about: "A folder whose agent.md or answer.md replace the built-in instructions",
    },
  });
