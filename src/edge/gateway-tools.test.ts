import { expect, test } from "bun:test";
import { connectSse } from "../../tests/clients.ts";
import { callModern, callTool, toolNames } from "../../tests/edge/calls.ts";
import { startGateway } from "../../tests/edge/gateway.ts";
import { messagesOf, post } from "../../tests/wire/http.ts";

test("filters of the operator hide and refuse tools, and headers only tighten them", async () => {
  await using berth = startGateway({
    one: { filter: { allow: ["echo", "pid", "fail"], exclude: ["pid"] } },
  });
  const url = `${berth.url}/one/mcp`;
  expect(await toolNames(url)).toEqual(["echo", "fail"]);
  expect(await toolNames(url, { "x-mcp-readonly": "true" })).toEqual(["echo"]);
  expect(await toolNames(url, { "x-mcp-tools": "fail, crash" })).toEqual(["fail"]);
  expect(await toolNames(url, { "x-mcp-exclude-tools": "ec*" })).toEqual(["fail"]);
  const relaxed = { "x-mcp-tools": "crash", "x-mcp-readonly": "false" };
  for (const call of [callTool, callModern]) {
    const { error } = await call(url, "crash", {}, relaxed);
    expect(error).toMatchObject({
      code: -32602,
      message: expect.stringContaining('"crash" is not one that you may call'),
    });
    expect((await call(url, "fail", {}, { "x-mcp-readonly": "1" })).error?.code).toBe(-32602);
    expect(await call(url, "echo", { text: "ok" }, { "x-mcp-readonly": "1" })).toMatchObject({
      text: "ok",
    });
  }
  expect(berth.records.filter(({ outcome }) => outcome === "refused").length).toBe(4);
});

test("a read-only caller is held to it before anybody has listed the tools", async () => {
  await using berth = startGateway({ one: {} });
  const { error } = await callTool(
    `${berth.url}/one/mcp`,
    "crash",
    {},
    { "x-mcp-readonly": "true" },
  );
  expect(error?.code).toBe(-32602);
});

test("below /text results are text only and lists are what every model back end can take", async () => {
  await using berth = startGateway({ one: {} });
  const picture = { name: "picture", arguments: {} };
  const ask = async (path: string): Promise<unknown> =>
    (
      await messagesOf(
        await post(`${berth.url}${path}`, { id: 1, method: "tools/call", params: picture }),
      )
    )[0];
  expect(await ask("/one/mcp")).toMatchObject({
    result: { content: [{ type: "image" }, {}, {}], structuredContent: {} },
  });
  expect(await ask("/one/text/mcp")).toEqual({
    jsonrpc: "2.0",
    id: 1,
    result: {
      content: [
        { type: "text", text: "[image image/png, 3 bytes, left out]" },
        { type: "text", text: "Invoice file:///invoice.pdf" },
        { type: "text", text: "after" },
      ],
    },
  });
  // An error of the protocol would be opaque to the model.
  expect(await callTool(`${berth.url}/one/text/mcp`, "nothing")).toMatchObject({
    isError: true,
    text: "Unknown tool: nothing",
  });
  await using sse = await connectSse(`${berth.url}/one/text/sse`);
  expect((await sse.client.callTool({ name: "picture" })).content).toHaveLength(3);
});

test("a list of many pages is given as one", async () => {
  await using berth = startGateway({ one: {}, paged: { env: { FIXTURE_PAGES: "1" } } });
  const whole = await toolNames(`${berth.url}/one/mcp`);
  expect(whole.length).toBeGreaterThan(10);
  expect(await toolNames(`${berth.url}/paged/mcp`)).toEqual(whole);
});

test("a changed list reaches the next caller and the clients that listen", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  expect(await toolNames(url)).not.toContain("fresh");
  expect(await toolNames(`${berth.url}/mcp`)).not.toContain("one_fresh");
  await callTool(url, "grow");
  expect(await toolNames(url)).toContain("fresh");
  expect(await toolNames(`${berth.url}/mcp`)).toContain("one_fresh");
});

test("each tool is a plain HTTP call too, described by OpenAPI", async () => {
  await using berth = startGateway({ one: { filter: { exclude: ["crash"] } } });
  const document = (await (await fetch(`${berth.url}/one/openapi.json`)).json()) as {
    paths: Record<string, unknown>;
  };
  expect(Object.keys(document.paths)).toContain("/tools/echo");
  expect(Object.keys(document.paths)).not.toContain("/tools/crash");
  const send = async (tool: string, body: string): Promise<unknown[]> => {
    const response = await fetch(`${berth.url}/one/tools/${tool}`, { method: "POST", body });
    return [response.status, await response.json()];
  };
  expect(await send("echo", '{"text":"hi"}')).toEqual([200, "hi"]);
  expect(await send("echo", '{"text":"{\\"a\\":1}"}')).toEqual([200, { a: 1 }]);
  expect(await send("picture", "{}")).toEqual([200, { pages: 2 }]);
  expect(await send("fail", "{}")).toEqual([
    422,
    { error: "Tool Error", message: "no such order" },
  ]);
  expect(await send("echo", "nonsense")).toMatchObject([
    400,
    { message: "The body is not valid JSON" },
  ]);
  expect(await send("crash", "{}")).toMatchObject([404, { error: "Not Found" }]);
  const got = await fetch(`${berth.url}/one/tools/echo`);
  expect([got.status, await got.json()]).toMatchObject([
    405,
    { message: 'Cannot GET "/one/tools/echo": a tool is called with POST' },
  ]);
});
