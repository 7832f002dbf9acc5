import { expect, test } from "bun:test";
import { connectHttp, connectSse } from "../../tests/clients.ts";
import { callModern, callTool, toolNames } from "../../tests/edge/calls.ts";
import { startGateway, until } from "../../tests/edge/gateway.ts";
import { messagesOf, openSession, post, postHeaders } from "../../tests/wire/http.ts";

test("a second initialize is answered from memory: the child sees one", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  const sessions = [await openSession(url), await openSession(url)];
  const params = { protocolVersion: "2025-03-26", capabilities: {}, clientInfo: {} };
  const again = { "mcp-session-id": sessions[0] ?? "" };
  const second = await messagesOf(await post(url, { id: 1, method: "initialize", params }, again));
  expect(second).toMatchObject([
    { result: { protocolVersion: "2025-03-26", serverInfo: { name: "fixture" } } },
  ]);
  expect(berth.hosted("one").pool.counters.startCount).toBe(1);
});

test("a child outlives a thousand clients that connect and leave", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one`;
  const { text: pid } = await callTool(`${url}/mcp`, "pid");
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => leave(url, index)));
  }
  await until(() => berth.hosted("one").mux?.clients.size === 0);
  expect((await callTool(`${url}/mcp`, "pid")).text).toBe(pid);
  expect(berth.pids("one")).toEqual([Number(pid)]);
}, 30_000);

/** Connects in one of three ways and goes away without a word. */
async function leave(url: string, index: number): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  if (index % 3 === 0) {
    const headers = { accept: "text/event-stream" };
    const response = await fetch(`${url}/sse`, { headers, signal });
    await response.body?.getReader().read();
    controller.abort();
    return;
  }
  const name = index % 3 === 1 ? "echo" : "progress";
  const body = {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name, arguments: { ms: 50 } },
  };
  const sent = fetch(`${url}/mcp`, {
    method: "POST",
    headers: postHeaders,
    body: JSON.stringify(body),
    signal,
  });
  setTimeout(() => controller.abort(), index % 7);
  await sent.catch(() => undefined);
}

test("ids of 200 clients that all count alike never cross", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  const total = Number(Bun.env.BERTH_CROSS_CALLS ?? 5000);
  let crossed = 0;
  const client = async (number: number): Promise<void> => {
    for (let id = 0; id < total / 200; id++) {
      const text = `client ${number} call ${id}`;
      const params = {
        name: "echo",
        arguments: { text, ms: (number + id) % 3 },
        _meta: { progressToken: id },
      };
      const [answer] = (await messagesOf(
        await post(url, { id, method: "tools/call", params }),
      )) as [{ id: number; result: { content: { text: string }[] } }];
      if (answer.id !== id || answer.result.content[0]?.text !== text) crossed++;
    }
  };
  await Promise.all(Array.from({ length: 200 }, (_, number) => client(number)));
  expect(crossed).toBe(0);
}, 600_000);

test("a line of 10 MiB arrives; a longer one fails its own call at once and no other", async () => {
  await using berth = startGateway({ one: { limits: { lineLimitBytes: 10 * 1024 * 1024 } } });
  const url = `${berth.url}/one/mcp`;
  const bytes = 10 * 1024 * 1024 - 200;
  expect((await callTool(url, "big", { bytes })).text?.length).toBe(bytes);
  const other = callTool(url, "echo", { text: "mine", ms: 300 });
  const { error } = await callTool(url, "big", { bytes: 11 * 1024 * 1024 });
  expect(error?.message).toBe(
    'Cannot finish tools/call "big": its answer is longer than 10485760 bytes',
  );
  expect((await other).text).toBe("mine");
  expect(berth.hosted("one").pool.counters.droppedLineCount).toBe(1);
}, 20_000);

test("noise on stdout is dropped and counted", async () => {
  await using berth = startGateway({ one: {} });
  expect(await callTool(`${berth.url}/one/mcp`, "noise")).toMatchObject({ text: "quiet again" });
  const [worker] = berth.hosted("one").pool.roster.list();
  expect(worker?.child.noiseCount).toBe(3);
});

test("the gateway's environment does not leak into a child", async () => {
  await using berth = startGateway({ one: { env: { GIVEN: "yes" } } });
  const { text = "{}" } = await callTool(`${berth.url}/one/mcp`, "env");
  expect(Object.keys(JSON.parse(text)).sort()).toEqual(["GIVEN", "PATH"]);
});

test("a page of another site and a strange host are turned away before anything else", async () => {
  await using berth = startGateway({ one: {} });
  for (const path of ["/one/mcp", "/mcp", "/one/openapi.json", "/one/events"]) {
    const evil = await fetch(`${berth.url}${path}`, {
      headers: { origin: "https://evil.example" },
    });
    const rebound = await fetch(`${berth.url}${path}`, { headers: { host: "evil.example" } });
    expect([path, evil.status, rebound.status]).toEqual([path, 403, 403]);
  }
});

test("real clients of both older transports work at once, and progress finds its owner", async () => {
  await using berth = startGateway({ one: {} });
  await using http = await connectHttp(`${berth.url}/one/mcp`);
  await using sse = await connectSse(`${berth.url}/one/sse`);
  for (const { client } of [http, sse]) {
    const seen: number[] = [];
    const onprogress = ({ progress }: { progress: number }): void => void seen.push(progress);
    const result = await client.callTool({ name: "progress" }, undefined, { onprogress });
    expect([seen, result.content]).toEqual([[1, 2], [{ type: "text", text: "done" }]]);
  }
});

test("trace context reaches the child, from the header or from the client's own metadata", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  for (const call of [callTool, callModern]) {
    const { text = "{}" } = await call(url, "meta", {}, { traceparent, tracestate: "a=b" });
    expect(JSON.parse(text)).toMatchObject({ traceparent, tracestate: "a=b" });
  }
  const bad = await callTool(url, "meta", {}, { traceparent: "00-nonsense" });
  expect(JSON.parse(bad.text ?? "{}").traceparent).toBeUndefined();
  expect(berth.records.map((record) => record.traceparent)).toEqual([
    traceparent,
    traceparent,
    undefined,
  ]);
});

test("every call is recorded with who, what, how it ended and how long, and never with its arguments", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  await callTool(url, "echo", { text: "a secret" });
  await callTool(url, "fail");
  await callTool(url, "nothing");
  const known = berth.records.map(({ durationMs, requestBytes, responseBytes, ...rest }) => {
    expect([durationMs > 0, requestBytes > 50, responseBytes > 50]).toEqual([true, true, true]);
    return rest;
  });
  const base = { server: "one", principal: "anyone", method: "tools/call", traceparent: undefined };
  expect(known).toEqual([
    { ...base, target: "echo", outcome: "ok" },
    { ...base, target: "fail", outcome: "tool_error" },
    { ...base, target: "nothing", outcome: "error" },
  ]);
  expect(JSON.stringify(berth.records)).not.toContain("a secret");
});

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
  expect((await fetch(`${berth.url}/one/tools/echo`)).status).toBe(405);
});

test("health, readiness from a live ping, and metrics with the server's name", async () => {
  await using berth = startGateway({ one: {}, broken: { env: { FIXTURE_FAIL: "no key" } } });
  await callTool(`${berth.url}/one/mcp`, "echo");
  expect(await (await fetch(`${berth.url}/healthz`)).json()).toEqual({ status: "UP" });
  await until(() => berth.hosted("broken").pool.counters.endings.start > 0);
  const ready = await fetch(`${berth.url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    {
      status: "DOWN",
      mode: "enforce",
      servers: { one: { isReady: true, state: "running" }, broken: { isReady: false } },
    },
  ]);
  const metrics = await (await fetch(`${berth.url}/metrics`)).text();
  expect(metrics).toContain(
    'berth_requests_total{server="one",method="tools/call",outcome="ok"} 1',
  );
  expect(metrics).toContain('berth_children{server="one"} 1');
  expect(metrics).toMatch(/berth_child_endings_total\{server="broken",reason="start"\} [1-9]/);
});

test("the events of a server can be followed", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  await callTool(url, "stderr", { text: "warming up" });
  await until(() => berth.hosted("one").events.last(1)[0]?.kind === "stderr");
  const text = await (await fetch(`${berth.url}/one/events?follow=false`)).text();
  const kinds = text
    .split("\n\n")
    .filter((event) => event.startsWith("data: "))
    .map((event) => JSON.parse(event.slice("data: ".length)).kind);
  expect(kinds).toEqual(["boot", "ready", "stderr"]);
});

test("an unknown path says where MCP is", async () => {
  await using berth = startGateway({ one: {} });
  const response = await fetch(`${berth.url}/two/mcp`);
  expect([response.status, await response.json()]).toMatchObject([
    404,
    { hint: "MCP is at /mcp for all servers and at /<name>/mcp for one of: one" },
  ]);
});
