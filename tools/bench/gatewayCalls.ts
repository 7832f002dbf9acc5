import { openSession } from "./mcpCalls.ts";
import type { Target } from "./measure.ts";

const headers = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2025-11-25",
};

/** What the ids of the calls are: unique where connections share a session, colliding where each client has its own. */
export type Ids = "unique" | "colliding";

const idOf: Record<Ids, string> = { unique: "1$connection$call", colliding: "1$call" };

/** tools/call of echo. Every call carries another text, and only its own answer counts as right. */
export function echoRequest(
  url: string,
  ids: Ids,
  session?: Record<string, string>,
): Target["request"] {
  const text = "client $connection, call $call";
  const params = { name: "echo", arguments: { text } };
  const message = { jsonrpc: "2.0", id: "$id", method: "tools/call", params };
  return {
    url,
    method: "POST",
    headers: { ...headers, ...session },
    body: JSON.stringify(message).replace('"$id"', idOf[ids]),
    expected: [`"structuredContent":{"text":"${text}"}`, `"id":${idOf[ids]}`],
  };
}

/** Compares a whole answer with the text of the call; the sample is sent with its places unfilled. */
export function checkEcho(answer: string): void {
  const json = answer.startsWith("{") ? answer : (/^data: (\{.*)$/m.exec(answer)?.[1] ?? "");
  const { result } = JSON.parse(json);
  if (!/^client .*, call /.test(result?.structuredContent?.text)) throw new Error("another text");
  if (result.isError === true) throw new Error("isError");
}

/** Opens a session as a client does, its notification included, and returns the header that names it. */
export async function openClient(url: string): Promise<Record<string, string>> {
  const session = await openSession(url.replace(/\/mcp$/, ""));
  const method = "notifications/initialized";
  const body = JSON.stringify({ jsonrpc: "2.0", method });
  const response = await fetch(url, { method: "POST", headers: { ...headers, ...session }, body });
  await response.text();
  return session;
}
