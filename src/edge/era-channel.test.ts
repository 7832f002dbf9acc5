import { expect, test } from "bun:test";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { callModern, callTool, toolNames } from "../../tests/edge/calls.ts";
import { startGateway } from "../../tests/edge/gateway.ts";
import { messagesOf, postModern } from "../../tests/wire/http.ts";

const argv = [
  process.execPath,
  join(import.meta.dir, "..", "..", "tests", "edge", "modern-fixture.ts"),
];

test("a server without a handshake serves clients of both eras, is pinged and is listed with the others", async () => {
  await using berth = startGateway({ one: { argv }, old: {} });
  const url = `${berth.url}/one/mcp`;
  expect(await callTool(url, "echo", { text: "old" })).toEqual({ status: 200, text: "old" });
  expect(await callModern(url, "echo", { text: "new" })).toEqual({ status: 200, text: "new" });
  expect(await toolNames(`${berth.url}/mcp`)).toEqual(
    expect.arrayContaining(["one_ask", "old_ask"]),
  );
  expect((await fetch(`${berth.url}/readyz`)).status).toBe(200);
});

test("what it asks for reaches an older client as a question, and its answer goes back", async () => {
  await using berth = startGateway({ one: { argv } });
  const client = new Client({ name: "test", version: "1" }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, () => ({
    action: "accept",
    content: { name: "Ada" },
  }));
  await client.connect(new StreamableHTTPClientTransport(new URL(`${berth.url}/one/mcp`)));
  const { content } = await client.callTool({ name: "ask" });
  expect(content).toEqual([{ type: "text", text: "hello Ada" }]);
  await client.close();
});

test("what it asks for reaches a client of its own era as input that is required", async () => {
  await using berth = startGateway({ one: { argv } });
  const url = `${berth.url}/one/mcp`;
  const options = { capabilities: { elicitation: {} } };
  const params = { name: "ask", arguments: {} };
  const [asked] = (await messagesOf(
    await postModern(url, { method: "tools/call", params }, options),
  )) as [{ result: { requestState: string; inputRequests: Record<string, { method: string }> } }];
  const [[key, question] = ["", { method: "" }]] = Object.entries(asked.result.inputRequests);
  expect(question.method).toBe("elicitation/create");
  const inputResponses = { [key]: { action: "accept", content: { name: "Bob" } } };
  const { requestState } = asked.result;
  const retry = { method: "tools/call", params: { ...params, inputResponses, requestState } };
  expect(await messagesOf(await postModern(url, retry, options))).toMatchObject([
    { result: { resultType: "complete", content: [{ text: "hello Bob" }] } },
  ]);
});
