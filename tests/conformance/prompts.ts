import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  ElicitResultSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  McpError,
  type PromptMessage,
} from "@modelcontextprotocol/sdk/types.js";
import { askFor } from "./ask.ts";
import { pngBase64 } from "./media.ts";

const prompts = [
  { name: "test_simple_prompt", description: "A prompt without arguments" },
  {
    name: "test_prompt_with_arguments",
    description: "A prompt with two arguments",
    arguments: [
      { name: "arg1", description: "First argument", required: true },
      { name: "arg2", description: "Second argument", required: true },
    ],
  },
  {
    name: "test_prompt_with_embedded_resource",
    description: "A prompt with a resource",
    arguments: [{ name: "resourceUri", description: "The resource to embed", required: true }],
  },
  { name: "test_prompt_with_image", description: "A prompt with an image" },
  { name: "test_input_required_result_prompt", description: "A prompt that asks first" },
];

export function addPrompts(server: Server): void {
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts }));
  server.setRequestHandler(GetPromptRequestSchema, async ({ params }, extra) => {
    if (params.name === "test_input_required_result_prompt") {
      const schema = { type: "object", properties: { context: { type: "string" } } };
      const message = "What context should the prompt use?";
      const asked = askFor("user_context", "elicitation/create", {
        message,
        requestedSchema: schema,
      });
      const { content } = await extra.sendRequest(asked, ElicitResultSchema);
      return { messages: [text(`Use this context: ${String(content?.context)}`)] };
    }
    return { messages: messagesOf(params.name, params.arguments ?? {}) };
  });
}

function messagesOf(name: string, args: Record<string, string>): PromptMessage[] {
  const image = { type: "image", data: pngBase64, mimeType: "image/png" } as const;
  switch (name) {
    case "test_simple_prompt":
      return [text("This is a simple prompt for testing.")];
    case "test_prompt_with_arguments":
      return [text(`Prompt with arguments: arg1='${args.arg1}', arg2='${args.arg2}'`)];
    case "test_prompt_with_embedded_resource":
      return [
        resource(String(args.resourceUri)),
        text("Please process the embedded resource above."),
      ];
    case "test_prompt_with_image":
      return [{ role: "user", content: image }, text("Please analyze the image above.")];
    default:
      throw new McpError(ErrorCode.InvalidParams, `Unknown prompt: ${name}`);
  }
}

function text(words: string): PromptMessage {
  return { role: "user", content: { type: "text", text: words } };
}

function resource(uri: string): PromptMessage {
  const content = { uri, mimeType: "text/plain", text: "Embedded resource content for testing." };
  return { role: "user", content: { type: "resource", resource: content } };
}
