import { expect, test } from "bun:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { callTool } from "../../tests/edge/calls.ts";
import { isAlive, startGateway, until } from "../../tests/edge/gateway.ts";
import { messagesOf, openSession, postModern } from "../../tests/wire/http.ts";

test("per_session gives each session a child of its own, which ends with it", async () => {
  await using berth = startGateway({
    one: { limits: { policy: "per_session", childLimitCount: 4 } },
  });
  const url = `${berth.url}/one/mcp`;
  const sessions = [await openSession(url), await openSession(url)];
  const pids: string[] = [];
  for (const id of [...sessions, ...sessions]) {
    pids.push((await callTool(url, "pid", {}, { "mcp-session-id": id })).text ?? "");
  }
  expect(pids.slice(2)).toEqual(pids.slice(0, 2));
  expect(pids[0]).not.toBe(pids[1]);
  await fetch(url, { method: "DELETE", headers: { "mcp-session-id": sessions[0] ?? "" } });
  await until(async () => !(await isAlive(Number(pids[0]))));
  expect(await isAlive(Number(pids[1]))).toBe(true);
  await until(() => berth.hosted("one").pool.counters.endings.session_end === 1);
});

test("per_session refuses a session too many with 429, and has room again when one ends", async () => {
  await using berth = startGateway({
    one: { limits: { policy: "per_session", childLimitCount: 2, queueLimitMs: 300 } },
  });
  const url = `${berth.url}/one/mcp`;
  const ids = [await openSession(url), await openSession(url), await openSession(url)];
  const [one = "", two = "", three = ""] = ids;
  await callTool(url, "pid", {}, { "mcp-session-id": one });
  await callTool(url, "pid", {}, { "mcp-session-id": two });
  expect(await callTool(url, "pid", {}, { "mcp-session-id": three })).toMatchObject({
    status: 429,
  });
  await fetch(url, { method: "DELETE", headers: { "mcp-session-id": one } });
  await until(() => berth.pids("one").length < 2);
  expect((await callTool(url, "pid", {}, { "mcp-session-id": three })).text).toMatch(/^\d+$/);
});

for (const policy of ["shared", "per_session"] as const) {
  test(`a server's question reaches the client whose call it belongs to (${policy})`, async () => {
    await using berth = startGateway({ one: { limits: { policy, childLimitCount: 5 } } });
    const answers = await Promise.all(
      ["Ada", "Bob", "Eve"].map(async (name, index) => {
        const client = new Client({ name, version: "1" }, { capabilities: { elicitation: {} } });
        client.setRequestHandler(ElicitRequestSchema, () => ({
          action: "accept",
          content: { name },
        }));
        await client.connect(new StreamableHTTPClientTransport(new URL(`${berth.url}/one/mcp`)));
        // A shared child cannot say whose question it asks, so there the clients come one after another.
        if (policy === "shared") await Bun.sleep(index * 150);
        const { content } = await client.callTool({ name: "ask", arguments: { text: "Who?" } });
        await client.close();
        return JSON.parse((content as [{ text: string }])[0].text).content.name;
      }),
    );
    expect(answers).toEqual(["Ada", "Bob", "Eve"]);
  });
}

test("a question in the stateless era comes back as input that is required, and the answer reaches the child", async () => {
  await using berth = startGateway({ one: { limits: { policy: "per_session" } } });
  const url = `${berth.url}/one/mcp`;
  const params = { name: "ask", arguments: { text: "Who?" } };
  const options = { capabilities: { elicitation: {} } };
  const [asked] = (await messagesOf(
    await postModern(url, { method: "tools/call", params }, options),
  )) as [
    { result: { resultType: string; requestState: string; inputRequests: Record<string, object> } },
  ];
  expect(asked.result.resultType).toBe("input_required");
  const [key = ""] = Object.keys(asked.result.inputRequests);
  const inputResponses = { [key]: { action: "accept", content: { name: "Ada" } } };
  const { requestState } = asked.result;
  const retry = { method: "tools/call", params: { ...params, inputResponses, requestState } };
  const [answered] = await messagesOf(await postModern(url, retry, options));
  expect(JSON.stringify(answered)).toContain("Ada");
});
