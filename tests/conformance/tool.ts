import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import type {
  CallToolResult,
  ServerNotification,
  ServerRequest,
  Tool,
} from "@modelcontextprotocol/sdk/types.js";

export interface ToolContext {
  server: Server;
  extra: RequestHandlerExtra<ServerRequest, ServerNotification>;
  args: Record<string, unknown>;
}

export type FixtureTool = Tool & { run(context: ToolContext): Promise<CallToolResult> };

export function text(words: string): CallToolResult {
  return { content: [{ type: "text", text: words }] };
}
