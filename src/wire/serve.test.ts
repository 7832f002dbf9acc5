import { expect, test } from "bun:test";
import { serveFixture } from "../../tests/conformance/serve.ts";
import { messagesOf, openSession, post, postHeaders } from "../../tests/wire/http.ts";
import { ScriptedServer, textOf } from "../../tests/wire/scripted.ts";
import { createMux } from "./mux.ts";
import { serveFront } from "./serve.ts";

test("a body over the bound is refused, whether it says its length or not", async () => {
  const small = serveFixture({ bodyLimitBytes: 1000 });
  const target = `${small.front.url}/mcp`;
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "ping",
    params: { x: "x".repeat(2000) },
  });
  const chunked = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of body.match(/.{1,100}/g) ?? [])
        controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
  for (const sent of [body, chunked]) {
    const response = await fetch(target, { method: "POST", headers: postHeaders, body: sent });
    const message = "Cannot read the body: it is longer than 1000 bytes";
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { message } });
  }
  await small.front.stop();
});

test("a front that stops answers the calls in flight first", async () => {
  const server = new ScriptedServer();
  const stopping = serveFront({ mux: createMux(server), port: 0 });
  const params = { name: "echo", arguments: { text: "late", ms: 50 } };
  const answer = post(`${stopping.url}/mcp`, { id: 1, method: "tools/call", params });
  while (server.methods.length === 0) await Bun.sleep(1);
  const stopped = stopping.stop();
  expect(await messagesOf(await answer)).toMatchObject([{ id: 1, result: textOf("late") }]);
  await stopped;
  await expect(fetch(`${stopping.url}/health`)).rejects.toThrow();
});

test("strict fronts want a session, and answer 400 without one", async () => {
  const strict = serveFixture({ isSessionRequired: true });
  const response = await post(`${strict.front.url}/mcp`, { id: 1, method: "ping" });
  expect(response.status).toBe(400);
  const error = { code: -32600, message: "Bad Request: Missing session ID" };
  expect(await response.json()).toEqual({ jsonrpc: "2.0", id: null, error });
  expect(await openSession(`${strict.front.url}/mcp`)).not.toBe("");
  await strict.front.stop();
});

test("the oldest idle session makes room, and idle ones end", async () => {
  const server = new ScriptedServer();
  const own = createMux(server, { tickMs: 10 });
  const few = serveFront({ mux: own, port: 0, sessionLimitCount: 2, sessionIdleLimitMs: 150 });
  const target = `${few.url}/mcp`;
  const ids = [await openSession(target), await openSession(target), await openSession(target)];
  const statuses = (): Promise<number[]> =>
    Promise.all(
      ids.map(
        async (id) =>
          (await post(target, { id: 1, method: "ping" }, { "mcp-session-id": id })).status,
      ),
    );
  expect(await statuses()).toEqual([404, 200, 200]);
  await Bun.sleep(250);
  expect(await statuses()).toEqual([404, 404, 404]);
  expect(own.clients.size).toBe(0);
  await few.stop();
});

test("a slow answer becomes a stream that is kept alive, and a disconnect is no cancellation", async () => {
  const server = new ScriptedServer();
  const own = createMux(server);
  const slow = serveFront({ mux: own, port: 0 });
  const left = new AbortController();
  const response = await fetch(`${slow.url}/mcp`, {
    method: "POST",
    headers: postHeaders,
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "hold" } }),
    signal: left.signal,
  });
  // The headers are here although the call still runs.
  expect(server.held).toHaveLength(1);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  left.abort();
  await Bun.sleep(20);
  expect(server.methods).toEqual(["tools/call"]);
  server.release();
  expect(own.calls.count).toBe(0);
  await slow.stop();
});
