import {
  CreateMessageResultSchema,
  ElicitResultSchema,
  ListRootsResultSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { askFor } from "./ask.ts";
import { defaultsForm, enumForm, form, noArguments, textSchema } from "./schemas.ts";
import { type FixtureTool, type ToolContext, text } from "./tool.ts";

type Extra = ToolContext["extra"];

function elicit(extra: Extra, key: string, message: string, requestedSchema: object) {
  return extra.sendRequest(
    askFor(key, "elicitation/create", { message, requestedSchema }),
    ElicitResultSchema,
  );
}

function sample(extra: Extra, key: string, words: string) {
  const messages = [{ role: "user", content: { type: "text", text: words } }];
  const asked = askFor(key, "sampling/createMessage", { messages, maxTokens: 100 });
  return extra.sendRequest(asked, CreateMessageResultSchema);
}

function roots(extra: Extra, key: string) {
  return extra.sendRequest(askFor(key, "roots/list"), ListRootsResultSchema);
}

/** A tool without arguments that asks its client before it answers. */
function asking(name: string, run: (extra: Extra) => Promise<unknown>): FixtureTool {
  return {
    name,
    description: "Asks its client before it answers",
    inputSchema: noArguments,
    run: async ({ extra }) => text(JSON.stringify(await run(extra))),
  };
}

const described = ({ action, content }: { action: string; content?: unknown }): string =>
  `Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`;

/** Tools of both eras that need sampling, elicitation or roots. */
export const askingTools: FixtureTool[] = [
  {
    name: "test_sampling",
    description: "Asks the client's model",
    inputSchema: textSchema("prompt"),
    async run({ extra, args }) {
      const { content } = await sample(extra, "answer", String(args.prompt));
      return text(`LLM response: ${content.type === "text" ? content.text : content.type}`);
    },
  },
  {
    name: "test_elicitation",
    description: "Asks the client's user",
    inputSchema: textSchema("message"),
    async run({ extra, args }) {
      const answer = await elicit(extra, "response", String(args.message), form("response"));
      return text(`User response: ${described(answer)}`);
    },
  },
  asking("test_elicitation_sep1034_defaults", async (extra) =>
    described(await elicit(extra, "defaults", "Please review", defaultsForm)),
  ),
  asking("test_elicitation_sep1330_enums", async (extra) =>
    described(await elicit(extra, "enums", "Please choose", enumForm)),
  ),
  asking("test_missing_capability", (extra) => sample(extra, "answer", "Say something")),
  asking("test_streaming_elicitation", (extra) =>
    elicit(extra, "user_name", "What is your name?", form("name")),
  ),
  asking("test_input_required_result_elicitation", async (extra) => {
    const { content } = await elicit(extra, "user_name", "What is your name?", form("name"));
    return `Hello, ${String(content?.name)}!`;
  }),
  asking("test_input_required_result_sampling", (extra) =>
    sample(extra, "capital_question", "What is the capital of France?"),
  ),
  asking("test_input_required_result_list_roots", (extra) => roots(extra, "client_roots")),
  asking("test_input_required_result_request_state", async (extra) => {
    await elicit(extra, "confirm", "Please confirm", form("ok", "boolean"));
    return "state-ok";
  }),
  asking("test_input_required_result_tampered_state", (extra) =>
    elicit(extra, "confirm", "Please confirm", form("ok", "boolean")),
  ),
  asking("test_input_required_result_multiple_inputs", (extra) =>
    Promise.all([
      elicit(extra, "user_name", "What is your name?", form("name")),
      sample(extra, "greeting", "Generate a greeting"),
      roots(extra, "client_roots"),
    ]),
  ),
  asking("test_input_required_result_multi_round", async (extra) => {
    const { content: first } = await elicit(extra, "step1", "Step 1: your name?", form("name"));
    const { content: second } = await elicit(extra, "step2", "Step 2: your colour?", form("color"));
    return [first, second];
  }),
  // What the client cannot do is refused; the other question goes on.
  asking("test_input_required_result_capabilities", (extra) =>
    Promise.allSettled([
      elicit(extra, "user_name", "What is your name?", form("name")),
      sample(extra, "greeting", "Generate a greeting"),
    ]),
  ),
];
