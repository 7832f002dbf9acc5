import { type CallToolResult, ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { askingTools } from "./asking-tools.ts";
import { pngBase64, wavBase64 } from "./media.ts";
import { json2020Schema, noArguments, textSchema } from "./schemas.ts";
import { type FixtureTool, type ToolContext, text } from "./tool.ts";

const image = { type: "image", data: pngBase64, mimeType: "image/png" } as const;
const embedded = {
  type: "resource",
  resource: {
    uri: "test://embedded-resource",
    mimeType: "text/plain",
    text: "This is an embedded resource content.",
  },
} as const;

/** Tools that answer with one fixed result. */
const fixed: Record<string, CallToolResult> = {
  test_simple_text: text("This is a simple text response for testing."),
  test_image_content: { content: [image] },
  test_audio_content: { content: [{ type: "audio", data: wavBase64, mimeType: "audio/wav" }] },
  test_embedded_resource: { content: [embedded] },
  test_multiple_content_types: {
    content: [{ type: "text", text: "Multiple content types test:" }, image, embedded],
  },
  test_error_handling: { ...text("This tool intentionally returns an error"), isError: true },
};

const fixedTools: FixtureTool[] = Object.entries(fixed).map(([name, result]) => ({
  name,
  description: "Answers with a fixed result",
  inputSchema: noArguments,
  run: async () => result,
}));

const otherTools: FixtureTool[] = [
  {
    name: "test_tool_with_logging",
    description: "Logs three times while it works",
    inputSchema: noArguments,
    async run({ extra }) {
      for (const data of [
        "Tool execution started",
        "Tool processing data",
        "Tool execution completed",
      ]) {
        await extra.sendNotification({
          method: "notifications/message",
          params: { level: "info", data },
        });
        await Bun.sleep(50);
      }
      return text("Tool with logging executed successfully");
    },
  },
  {
    name: "test_logging_tool",
    description: "Logs once",
    inputSchema: noArguments,
    async run({ extra }) {
      const params = { level: "info", data: "a log message" } as const;
      await extra.sendNotification({ method: "notifications/message", params });
      return text("logged");
    },
  },
  {
    name: "test_tool_with_progress",
    description: "Reports progress three times",
    inputSchema: noArguments,
    async run({ extra }) {
      const progressToken = extra._meta?.progressToken;
      if (progressToken === undefined) return text("no progress was asked for");
      for (const progress of [0, 50, 100]) {
        const params = {
          progressToken,
          progress,
          total: 100,
          message: `Completed step ${progress}`,
        };
        await extra.sendNotification({ method: "notifications/progress", params });
        await Bun.sleep(50);
      }
      return text(String(progressToken));
    },
  },
  {
    name: "test_reconnection",
    description: "Hangs up before it answers",
    inputSchema: noArguments,
    async run({ extra }) {
      extra.closeSSEStream?.();
      await Bun.sleep(100);
      return text("Reconnection test completed successfully.");
    },
  },
  {
    name: "json_schema_2020_12_tool",
    description: "Has a schema with every keyword",
    inputSchema: json2020Schema,
    run: async () => text("ok"),
  },
  {
    name: "test_header_param",
    description: "Takes a value that clients of 2026-07-28 repeat in a header",
    inputSchema: textSchema("region", { "x-mcp-header": "Region" }),
    run: async ({ args }) => text(`region ${String(args.region)}`),
  },
  {
    name: "test_trigger_tool_change",
    description: "Says that the tools have changed",
    inputSchema: noArguments,
    async run({ server }) {
      await server.sendToolListChanged();
      return text("tools changed");
    },
  },
  {
    name: "test_trigger_prompt_change",
    description: "Says that the prompts have changed",
    inputSchema: noArguments,
    async run({ server }) {
      await server.sendPromptListChanged();
      return text("prompts changed");
    },
  },
];

export const tools: FixtureTool[] = [...fixedTools, ...otherTools, ...askingTools];

export async function callTool(name: string, context: ToolContext): Promise<CallToolResult> {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${name}`);
  return tool.run(context);
}
