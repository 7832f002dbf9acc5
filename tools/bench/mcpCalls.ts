import { isDeepStrictEqual } from "node:util";
import type { Target } from "./measure.ts";

/** The revision of MCP in which a contender is asked. */
export type Era = "legacy" | "modern";

const params = { name: "get_customer", arguments: { customer_id: "AROUT" } };
const headers = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

/** tools/call of get_customer as a client of either era sends it. */
export function callRequest(
  url: string,
  era: Era,
  more: Record<string, string> = {},
): Target["request"] {
  const version = era === "legacy" ? "2025-11-25" : "2026-07-28";
  const meta = {
    "io.modelcontextprotocol/protocolVersion": version,
    "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1.0.0" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const modern = { "mcp-method": "tools/call", "mcp-name": params.name };
  const message = {
    jsonrpc: "2.0",
    id: "$connection",
    method: "tools/call",
    params: era === "legacy" ? params : { ...params, _meta: meta },
  };
  return {
    url: `${url}/mcp`,
    method: "POST",
    headers: {
      ...headers,
      "mcp-protocol-version": version,
      ...(era === "modern" && modern),
      ...more,
    },
    body: JSON.stringify(message),
    // Only a result has it; an error in a result would have another customer or none.
    expected: '"structuredContent":{"customerId":"AROUT"',
  };
}

/** Opens a session and returns the header that names it. */
export async function openSession(url: string): Promise<Record<string, string>> {
  const message = {
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "bench", version: "1.0.0" },
    },
  };
  const response = await fetch(`${url}/mcp`, {
    method: "POST",
    headers,
    body: JSON.stringify(message),
  });
  await response.text();
  const id = response.headers.get("mcp-session-id");
  if (id === null) throw new Error(`${url} opened no session`);
  return { "mcp-session-id": id };
}

/** Compares a whole answer with what the REST service says of the customer. */
export function checkCall(answer: string, customer: unknown): void {
  const json = answer.startsWith("{") ? answer : (/^data: (.*)$/m.exec(answer)?.[1] ?? "");
  const { result } = JSON.parse(json);
  if (!isDeepStrictEqual(result?.structuredContent, customer)) throw new Error("another customer");
  if (!isDeepStrictEqual(JSON.parse(result.content[0].text), customer))
    throw new Error("other text");
  if (result.isError === true) throw new Error("isError");
}
