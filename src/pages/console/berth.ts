import type { ConsoleState } from "../../edge/console.ts";
import { send } from "../ui/api.ts";
import { read } from "../ui/events.ts";

export type { ConsoleState };
export type Server = ConsoleState["servers"][number];

/** A tool as a server lists it. */
export interface Tool {
  name: string;
  title?: string;
  description?: string;
  inputSchema?: unknown;
  annotations?: { readOnlyHint?: boolean; destructiveHint?: boolean };
}

/** An event of a server: a call, a line of stderr, a start, an end. */
export interface ServerEvent {
  /** Counts the events that the page has heard. */
  place: number;
  server: string;
  at: string;
  kind: string;
  [member: string]: unknown;
}

/** How long a tool may take, in milliseconds. */
const callLimitMs = 300_000;

/** Sends one JSON-RPC request to a server, as any MCP client would; the answer is JSON or one event. */
export async function request<Result>(
  server: string,
  method: string,
  params: object = {},
): Promise<Result> {
  const response = await send(`${encodeURIComponent(server)}/mcp`, {
    method: "POST",
    body: { jsonrpc: "2.0", id: 1, method, params },
    limitMs: callLimitMs,
  });
  const { result, error } = await readAnswer(response);
  if (error !== undefined) throw new Error(error.message);
  // Berth has checked that it is the answer to this request; its members are looked at one by one.
  return result as Result;
}

/** The most pages of a list that are read; a server of strangers might never come to an end. */
const pageLimitCount = 50;

/** Every tool of a server, however many pages its list has. */
export async function listTools(server: string): Promise<Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  for (let count = 0; count < pageLimitCount; count++) {
    const params = cursor === undefined ? {} : { cursor };
    const page = await request<{ tools: Tool[]; nextCursor?: string }>(
      server,
      "tools/list",
      params,
    );
    tools.push(...page.tools);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}

interface Answer {
  id?: unknown;
  result?: unknown;
  error?: { message: string };
}

async function readAnswer(response: Response): Promise<Answer> {
  if (!response.headers.get("content-type")?.startsWith("text/event-stream"))
    return response.json();
  for await (const events of read(response)) {
    for (const { data } of events) {
      const message: Answer = JSON.parse(data);
      if (message.id === 1 && ("result" in message || "error" in message)) return message;
    }
  }
  throw new Error("The answer ended before it was complete");
}
