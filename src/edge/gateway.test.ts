import { expect, test } from "bun:test";
import { connectHttp, connectSse } from "../../tests/clients.ts";
import { callTool } from "../../tests/edge/calls.ts";
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

test("no request chooses a program: what is not served is not there, whatever the body says", async () => {
  await using berth = startGateway({ one: {} });
  const { text: pid } = await callTool(`${berth.url}/one/mcp`, "pid");
  const server = { name: "evil", command: "sh", args: ["-c", "exit"], transport: "stdio" };
  for (const [method, path] of [
    ["POST", "/evil/mcp"],
    ["PUT", "/evil"],
    ["POST", "/servers"],
    ["POST", "/mcp/servers"],
    ["POST", "/one/mcp?command=sh"],
  ] as const) {
    const params = { arguments: {}, mcpServers: { evil: server }, ...server };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params });
    const response = await fetch(`${berth.url}${path}`, { method, headers: postHeaders, body });
    expect([path, response.status]).toEqual([path, path.startsWith("/one") ? 200 : 404]);
    await response.text();
  }
  expect([[...berth.gateway.hosted.keys()], berth.pids("one")]).toEqual([["one"], [Number(pid)]]);
});

test("an unknown path says where MCP is", async () => {
  await using berth = startGateway({ one: {} });
  const response = await fetch(`${berth.url}/two/mcp`);
  expect([response.status, await response.json()]).toMatchObject([
    404,
    { hint: "MCP is at /mcp for all servers and at /<name>/mcp for one of: one" },
  ]);
});
