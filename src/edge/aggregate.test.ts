import { expect, test } from "bun:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { callModern, callTool, toolNames } from "../../tests/edge/calls.ts";
import { startGateway, until } from "../../tests/edge/gateway.ts";
import { nameTools } from "./tool-names.ts";

test("all servers are one, and each tool's name says where it is", async () => {
  await using berth = startGateway({ a: {}, b: { filter: { exclude: ["crash"] } } });
  const url = `${berth.url}/mcp`;
  const names = await toolNames(url);
  expect(names).toContain("a_echo");
  expect(names).toContain("b_echo");
  expect(names).toContain("a_crash");
  expect(names).not.toContain("b_crash");
  expect(await toolNames(url, { "x-mcp-readonly": "true" })).toEqual(
    ["a", "b"].flatMap((server) => ["echo", "pid", "version"].map((tool) => `${server}_${tool}`)),
  );
  for (const call of [callTool, callModern]) {
    expect(await call(url, "b_echo", { text: "hi" })).toMatchObject({ text: "hi" });
    expect((await call(url, "b_crash")).error?.code).toBe(-32602);
    expect((await call(url, "c_echo")).error?.message).toBe('Unknown tool: "c_echo"');
  }
  const [first, second] = [await callTool(url, "a_pid"), await callTool(url, "b_pid")];
  expect([first.text, second.text]).toEqual([...berth.pids("a"), ...berth.pids("b")].map(String));
});

test("a server that does not start is left out, and comes in when it does", async () => {
  const env: Record<string, string> = { FIXTURE_FAIL: "not yet" };
  await using berth = startGateway({ a: {}, b: { env } });
  const url = `${berth.url}/mcp`;
  const isB = (name: string): boolean => name.startsWith("b_");
  expect((await toolNames(url)).some(isB)).toBe(false);
  delete env.FIXTURE_FAIL;
  await until(async () => (await toolNames(url)).some(isB));
});

test("progress and questions pass through to the right client", async () => {
  await using berth = startGateway({ a: {}, b: { limits: { policy: "per_session" } } });
  const client = new Client({ name: "test", version: "1" }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => ({
    action: "accept",
    content: { name: params.message },
  }));
  await client.connect(new StreamableHTTPClientTransport(new URL(`${berth.url}/mcp`)));
  for (const server of ["a", "b"]) {
    const seen: number[] = [];
    const onprogress = ({ progress }: { progress: number }): void => void seen.push(progress);
    await client.callTool({ name: `${server}_progress` }, undefined, { onprogress });
    const { content } = await client.callTool({
      name: `${server}_ask`,
      arguments: { text: server },
    });
    expect([seen, JSON.stringify(content).includes(`\\"name\\":\\"${server}\\"`)]).toEqual([
      [1, 2],
      true,
    ]);
  }
  const [before] = [
    await client.callTool({ name: "b_pid" }),
    await client.callTool({ name: "b_pid" }),
  ];
  expect(JSON.stringify(before.content)).toContain(String(berth.pids("b")[0]));
  await client.close();
});

test.each([
  [[["a", "x"]], ["a_x"]],
  [[["a", "get.order"]], [/^a_get_order_[0-9a-f]{8}$/]],
  // "a_b" + "c" and "a" + "b_c" would be the same word.
  [
    [
      ["a_b", "c"],
      ["a", "b_c"],
    ],
    [/^a_b_c_[0-9a-f]{8}$/, /^a_b_c_[0-9a-f]{8}$/],
  ],
  [[["a", "t".repeat(100)]], [/^a_t{53}_[0-9a-f]{8}$/]],
  [[["a", "é"]], [/^a___[0-9a-f]{8}$/]],
])("the tools %j are named %j", (tools, expected) => {
  const named = nameTools(tools, ([prefix = "", name = ""]) => ({ prefix, name })).map(
    ({ name }) => name,
  );
  expect(new Set(named).size).toBe(named.length);
  for (const [index, name] of named.entries()) {
    expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(name).toMatch(expected[index] ?? "");
  }
});
