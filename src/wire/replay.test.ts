import { afterAll, expect, test } from "bun:test";
import { serveFixture } from "../../tests/conformance/serve.ts";
import { messagesOf, openSession, post, postHeaders, readEvents } from "../../tests/wire/http.ts";

const { front, mux } = serveFixture();
const url = `${front.url}/mcp`;
afterAll(async () => {
  await front.stop();
  await mux.close();
});

test("a stream that was hung up is taken up again where it ended", async () => {
  const session = { "mcp-session-id": await openSession(url) };
  const params = { name: "test_reconnection", arguments: {} };
  const first = await Array.fromAsync(
    readEvents(await post(url, { id: 1, method: "tools/call", params }, session)),
  );
  expect(first).toEqual([{ id: expect.any(String), retry: "500", data: "" } as never]);
  const get = await fetch(url, {
    headers: { accept: "text/event-stream", "last-event-id": first[0]?.id ?? "", ...session },
  });
  expect(await messagesOf(get)).toMatchObject([{ id: 1, result: { content: expect.any(Array) } }]);
});

test("a client that loses its connection gets what it missed, and only what it missed", async () => {
  const session = { "mcp-session-id": await openSession(url) };
  const params = { name: "test_tool_with_progress", arguments: {}, _meta: { progressToken: 1 } };
  const left = new AbortController();
  const response = await fetch(url, {
    method: "POST",
    headers: { ...postHeaders, ...session },
    body: JSON.stringify({ jsonrpc: "2.0", id: 9, method: "tools/call", params }),
    signal: left.signal,
  });
  let lastId = "";
  for await (const { id, data } of readEvents(response)) {
    lastId = id ?? "";
    if (data.includes('"progress":0')) break;
  }
  left.abort();
  const headers = { accept: "text/event-stream", "last-event-id": lastId, ...session };
  const rest = await messagesOf(await fetch(url, { headers }));
  expect(rest).toMatchObject([
    { params: { progress: 50 } },
    { params: { progress: 100 } },
    { id: 9 },
  ]);
  const stranger = { "mcp-session-id": await openSession(url) };
  const foreign = await fetch(url, {
    headers: { ...headers, ...stranger },
    signal: AbortSignal.timeout(100),
  });
  await expect(messagesOf(foreign)).rejects.toThrow();
});

test("what a session is sent while nobody reads waits for the next GET", async () => {
  const session = { "mcp-session-id": await openSession(url) };
  const params = { name: "test_trigger_tool_change", arguments: {} };
  await messagesOf(await post(url, { id: 1, method: "tools/call", params }, session));
  const get = await fetch(url, { headers: { accept: "text/event-stream", ...session } });
  for await (const { data } of readEvents(get)) {
    if (data === "") continue;
    expect(JSON.parse(data)).toMatchObject({ method: "notifications/tools/list_changed" });
    break;
  }
});
