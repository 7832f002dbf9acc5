import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** Tool calls of one response; Llama Stack makes them one after the other. */
export const callsEach = 5;
/** How long each server is called before anything is measured, in milliseconds. */
const warmUpMs = 3_000;

/** One response with its tool calls; a wrong one ends the bench. */
export async function respond(stackUrl: string, serverUrl: string): Promise<void> {
  const call = 'call get_customer {"customer_id":"AROUT"}';
  const tool = { type: "mcp", server_label: "customer", server_url: serverUrl };
  const response = await fetch(`${stackUrl}/v1/responses`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "scripted/scripted",
      input: Array.from({ length: callsEach }, () => call).join("\n"),
      tools: [{ ...tool, require_approval: "never" }],
    }),
  });
  const text = await response.text();
  const output: unknown[] = response.ok ? Object(JSON.parse(text)).output : [];
  const good = output.filter((item) => /Around the Horn/.test(String(Object(item).output)));
  if (good.length !== callsEach) throw new Error(`a wrong response: ${text.slice(0, 500)}`);
}

/** Calls a server by itself until its code is compiled, as that of a server is that has run for a while. */
export async function warmUp(url: string): Promise<void> {
  const client = new Client({ name: "bench", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const endMs = performance.now() + warmUpMs;
  while (performance.now() < endMs) {
    await client.callTool({ name: "get_customer", arguments: { customer_id: "AROUT" } });
  }
  await client.close();
}
