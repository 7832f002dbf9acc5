import { AgentFailure } from "../../agent/failure.ts";
import { openToolServer, type ToolAnswer, type ToolServer } from "../../agent/toolServer.ts";
import { AppError } from "../../core/fault.ts";
import type { ChatSettings } from "./settings.ts";

/** A tool that the chat may call. */
export interface ChatTool {
  server: string;
  name: string;
  description: string;
  inputSchema: Readonly<Record<string, unknown>>;
  /** False for tools that write: those wait for a person. */
  isReadOnly: boolean;
}

/** The tools of the customer and finance servers. */
export interface Toolbox {
  /** The tools of the servers that answer, and why the others do not. */
  list(signal: AbortSignal): Promise<{ tools: ChatTool[]; problems: string[] }>;
  /** @throws AppError `not_found` for a tool that no server lists. */
  find(name: string, signal: AbortSignal): Promise<ChatTool>;
  /** Calls a tool; what goes wrong is an answer too, so that the model and the reader hear of it. */
  call(tool: ChatTool, args: Record<string, unknown>, signal: AbortSignal): Promise<ToolAnswer>;
  close(): Promise<void>;
}

/** How long one call may take, and how long a list counts, in milliseconds. */
const callLimitMs = 60_000;
const listAgeMs = 30_000;

export function openToolbox(settings: ChatSettings): Toolbox {
  const urls = { customer: settings.customerUrl, finance: settings.financeUrl };
  const servers = Object.entries(urls).map(([label, url]) => {
    const options = { label, url, token: settings.toolToken, callLimitMs };
    // A lost connection leaves a write's outcome unknown: it is told, and never repeated.
    return {
      label,
      reads: openToolServer(options),
      writes: openToolServer({ ...options, isRepeatable: false }),
    };
  });
  let kept: { tools: ChatTool[]; untilMs: number } | undefined;

  async function list(signal: AbortSignal) {
    if (kept && performance.now() < kept.untilMs) return { tools: kept.tools, problems: [] };
    const lists = await Promise.allSettled(
      servers.map(async ({ label, reads }) =>
        (await reads.listTools(signal)).map((tool) => ({ ...tool, server: label })),
      ),
    );
    const tools = lists.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
    const problems = lists.flatMap((one) =>
      one.status === "rejected" ? messageOf(one.reason) : [],
    );
    if (problems.length === 0) kept = { tools, untilMs: performance.now() + listAgeMs };
    return { tools, problems };
  }

  return {
    list,
    async find(name, signal) {
      const tool = (await list(signal)).tools.find((one) => one.name === name);
      if (tool !== undefined) return tool;
      throw new AppError("not_found", `Cannot call ${JSON.stringify(name)}: no such tool`);
    },
    async call(tool, args, signal) {
      const server = servers.find(({ label }) => label === tool.server);
      if (server === undefined) throw new Error("a listed tool has no server");
      const by: ToolServer = tool.isReadOnly ? server.reads : server.writes;
      return by.call(tool.name, args, signal).catch((error: unknown) => {
        const said = messageOf(error);
        const message = tool.isReadOnly ? said : `${said}; whether it was carried out is not known`;
        return { isError: true, output: { error: message }, error: message };
      });
    },
    async close() {
      await Promise.all(servers.flatMap(({ reads, writes }) => [reads.close(), writes.close()]));
    },
  };
}

function messageOf(error: unknown): string {
  if (error instanceof AgentFailure || error instanceof AppError) return error.message;
  // The MCP client's own errors say what the server has refused.
  if (error instanceof Error && error.name === "McpError") return error.message;
  if (error instanceof Error && error.name === "TimeoutError") return "it took too long";
  throw error;
}
