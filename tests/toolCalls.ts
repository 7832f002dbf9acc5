import type { TestClient } from "./clients.ts";

/** A tool's result, with members of any shape: the tests compare them whole. */
export interface ToolOutcome {
  content: { type: string; text: string }[];
  // biome-ignore lint/suspicious/noExplicitAny: what a service answers is compared, not used.
  structuredContent: any;
  isError: boolean;
}

/** Calls a tool through a real client, which validates the shape of the result. */
export async function callTool(
  { client }: TestClient,
  name: string,
  args: object,
): Promise<ToolOutcome> {
  const result: unknown = await client.callTool({ name, arguments: { ...args } });
  // The client has validated it against the protocol's schema.
  return result as ToolOutcome;
}
