import { messagesOf, post, postModern } from "../wire/http.ts";

/** What one call was answered with: the text of its first part, or its error. */
export interface Answered {
  status: number;
  text?: string;
  isError?: boolean;
  error?: { code: number; message: string; data?: unknown };
}

type Message = {
  result?: { content?: { text?: string }[]; isError?: boolean };
  error?: Answered["error"];
};

/** Calls a tool without a session, in the legacy era. */
export async function callTool(
  url: string,
  name: string,
  args: object = {},
  headers: Record<string, string> = {},
): Promise<Answered> {
  const params = { name, arguments: args };
  return read(await post(url, { id: 1, method: "tools/call", params }, headers));
}

/** The same in the era of 2026-07-28. */
export async function callModern(
  url: string,
  name: string,
  args: object = {},
  headers: Record<string, string> = {},
): Promise<Answered> {
  const params = { name, arguments: args };
  return read(await postModern(url, { method: "tools/call", params }, { headers }));
}

/** The names that `tools/list` shows. */
export async function toolNames(
  url: string,
  headers: Record<string, string> = {},
): Promise<string[]> {
  const messages = await messagesOf(await post(url, { id: 1, method: "tools/list" }, headers));
  const { result } = messages.at(-1) as { result: { tools: { name: string }[] } };
  return result.tools.map(({ name }) => name);
}

async function read(response: Response): Promise<Answered> {
  const { status } = response;
  const last = (await messagesOf(response)).at(-1) as Message | undefined;
  if (last?.error) return { status, error: last.error };
  const text = last?.result?.content?.[0]?.text;
  const isError = last?.result?.isError;
  return { status, ...(text !== undefined && { text }), ...(isError !== undefined && { isError }) };
}
