import { afterAll, expect, test } from "bun:test";
import { serveFixture } from "../../tests/conformance/serve.ts";
import { messagesOf, openSession, post, postHeaders } from "../../tests/wire/http.ts";
import { textOf } from "../../tests/wire/scripted.ts";

const { front, mux } = serveFixture();
const url = `${front.url}/mcp`;
afterAll(async () => {
  await front.stop();
  await mux.close();
});

const initialize = {
  id: 0,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "mcp", version: "0.1.0" },
  },
};
const callSimple = { method: "tools/call", params: { name: "test_simple_text", arguments: {} } };

test("what Llama Stack sends works: initialize twice, initialized, GET, list, call, DELETE", async () => {
  const opened = await post(url, initialize);
  expect(opened.status).toBe(200);
  expect(opened.headers.get("content-type")).toBe("text/event-stream");
  expect(opened.headers.get("cache-control")).toBe("no-cache");
  expect(opened.headers.get("x-accel-buffering")).toBe("no");
  const id = opened.headers.get("mcp-session-id") ?? "";
  expect(id).toMatch(/^[\x21-\x7e]{16,}$/);
  expect(await opened.text()).toMatch(
    /^event: message\ndata: \{.*"protocolVersion":"2025-06-18".*\}\n\n$/,
  );
  const session = { "mcp-session-id": id, "mcp-protocol-version": "2025-06-18" };
  const again = await post(url, { ...initialize, id: 1 }, session);
  expect([again.status, again.headers.get("mcp-session-id")]).toEqual([200, id]);
  const initialized = await post(url, { method: "notifications/initialized" }, session);
  expect([initialized.status, await initialized.text()]).toEqual([202, ""]);
  const left = new AbortController();
  const get = await fetch(url, {
    headers: { accept: "text/event-stream", ...session },
    signal: left.signal,
  });
  expect([get.status, get.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  const [listed] = await messagesOf(await post(url, { id: 2, method: "tools/list" }, session));
  expect(listed).toMatchObject({ id: 2, result: { tools: expect.any(Array) } });
  const [called] = await messagesOf(await post(url, { id: 3, ...callSimple }, session));
  expect(called).toMatchObject({
    id: 3,
    result: textOf("This is a simple text response for testing."),
  });
  left.abort();
  expect((await fetch(url, { method: "DELETE", headers: session })).status).toBe(200);
  expect((await post(url, { id: 4, ...callSimple }, session)).status).toBe(404);
});

test("a call right after initialize works, and so does one without any session", async () => {
  const opened = await post(url, initialize);
  const id = opened.headers.get("mcp-session-id") ?? "";
  const calls = [
    post(url, { id: "a", ...callSimple }, { "mcp-session-id": id }),
    post(`${url}/`, { id: 5, ...callSimple }),
  ];
  const answers = await Promise.all(calls.map(async (call) => (await messagesOf(await call))[0]));
  expect(answers).toMatchObject([
    { id: "a", result: {} },
    { id: 5, result: {} },
  ]);
});

test.each([
  ["an unknown session", { "mcp-session-id": "nobody" }, 404, -32001, "Session not found"],
  ["an unsupported version", { "mcp-protocol-version": "1999-01-01" }, 400, -32000, "Unsupported"],
  [
    "an Accept header with JSON only",
    { accept: "application/json" },
    406,
    -32000,
    "Not Acceptable",
  ],
  [
    "an Accept header with streams only",
    { accept: "text/event-stream" },
    406,
    -32000,
    "Not Acceptable",
  ],
  [
    "a type that is excluded",
    { accept: "application/json, text/event-stream;q=0" },
    406,
    -32000,
    "",
  ],
  ["a body that is text", { "content-type": "text/plain" }, 415, -32000, "application/json"],
  ["a foreign host", { host: "evil.example.com" }, 403, -32000, "evil.example.com"],
  ["a foreign origin", { origin: "http://evil.example.com" }, 403, -32000, "evil.example.com"],
  ["an origin that hides itself", { origin: "null" }, 403, -32000, "null"],
])(
  "%s is refused with its status and a JSON-RPC error",
  async (_name, headers, status, code, words) => {
    const response = await post(url, { id: 1, method: "ping" }, headers as Record<string, string>);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      jsonrpc: "2.0",
      error: { code, message: expect.stringContaining(words) },
    });
  },
);

test.each(["*/*", "application/*, text/*", "text/event-stream, application/json;q=0.5"])(
  "Accept: %s is accepted",
  async (accept) => {
    expect((await post(url, { id: 1, method: "ping" }, { accept })).status).toBe(200);
  },
);

test("batches are served to clients of 2025-03-26 and refused to later ones", async () => {
  const ping = (id: number): object => ({ jsonrpc: "2.0", id, method: "ping" });
  const body = JSON.stringify([ping(1), { jsonrpc: "2.0", id: 2, method: 3 }, ping(4)]);
  const send = (version: string): Promise<Response> =>
    fetch(url, {
      method: "POST",
      body,
      headers: { ...postHeaders, "mcp-protocol-version": version },
    });
  const answers = await messagesOf(await send("2025-03-26"));
  expect(answers).toHaveLength(3);
  expect(answers).toContainEqual({ jsonrpc: "2.0", id: 4, result: {} });
  expect(answers).toContainEqual(expect.objectContaining({ id: 2, error: expect.anything() }));
  expect((await send("2025-06-18")).status).toBe(400);
});

test("other methods and a GET without session are answered with 405", async () => {
  const put = await fetch(url, { method: "PUT", body: "{}" });
  expect([put.status, put.headers.get("allow")]).toEqual([405, "POST, GET, DELETE, OPTIONS"]);
  const headers = { accept: "text/event-stream", "mcp-protocol-version": "2025-11-25" };
  expect((await fetch(url, { headers })).status).toBe(405);
});

test("a wrong path names the right one", async () => {
  const response = await fetch(`${front.url}/wrong`);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({
    error: "Not Found",
    message: 'Cannot serve "/wrong": no such path',
    hint: "MCP is at /mcp (Streamable HTTP) and /sse here",
  });
});

test("progress and log messages come before the answer on the same stream", async () => {
  const session = { "mcp-session-id": await openSession(url) };
  const params = { name: "test_tool_with_progress", arguments: {}, _meta: { progressToken: "p" } };
  const messages = await messagesOf(
    await post(url, { id: 1, method: "tools/call", params }, session),
  );
  const progress = [0, 50, 100].map((value) =>
    expect.objectContaining({
      params: expect.objectContaining({ progressToken: "p", progress: value }),
    }),
  );
  expect(messages).toEqual([...progress, expect.objectContaining({ id: 1 })]);
});

test("metrics count what has happened", async () => {
  const text = await (await fetch(`${front.url}/metrics`)).text();
  expect(text).toContain("# TYPE berth_up gauge\nberth_up 1\n");
  expect(text).toMatch(/berth_requests_total\{method="tools\/call",outcome="ok"\} [1-9]/);
  const name = "berth_request_duration_seconds";
  expect(text).toContain(`${name}_bucket{method="tools/call",le="+Inf"}`);
  expect(text.match(/# TYPE berth_request_duration_seconds /g)).toHaveLength(1);
});
