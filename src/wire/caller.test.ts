import { expect, test } from "bun:test";
import { messagesOf, post, postHeaders, postModern, readEvents } from "../../tests/wire/http.ts";
import { ScriptedServer, textOf } from "../../tests/wire/scripted.ts";
import type { Caller } from "./channel.ts";
import type { Client } from "./client.ts";
import { createFront } from "./front.ts";
import { createMux } from "./mux.ts";

/** A front whose callers are who their `x-caller` header says; "guest" may call nothing but ping. */
function serve(options: { callLimitCount?: number } = {}) {
  const server = new ScriptedServer();
  const mux = createMux(server, options);
  const front = createFront({ mux });
  const web = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) =>
      front.fetch(request, callerOf(request.headers.get("x-caller") ?? "anyone")) ??
      new Response(null, { status: 404 }),
  });
  const url = `http://127.0.0.1:${web.port}`;
  return { server, mux, url, [Symbol.asyncDispose]: () => web.stop(true) };
}

function callerOf(principal: string): Caller {
  return {
    principal,
    screen: {
      admit: ({ method }) =>
        principal === "guest" && method === "tools/call"
          ? { code: -32602, message: "Cannot call: guests may not" }
          : undefined,
      adapts: () => true,
      adapt: ({ method }, response) =>
        principal === "guest" && method === "tools/list"
          ? { jsonrpc: "2.0", id: response.id ?? 0, result: { tools: [] } }
          : response,
    },
  };
}

const call = { method: "tools/call", params: { name: "echo", arguments: { text: "hi" } } };

test("a screen decides for each caller in both eras, and the kept list stays whole", async () => {
  await using front = serve();
  const url = `${front.url}/mcp`;
  const guest = { "x-caller": "guest" };
  const refused = {
    jsonrpc: "2.0",
    id: 1,
    error: { code: -32602, message: "Cannot call: guests may not" },
  };
  expect(await messagesOf(await post(url, { id: 1, ...call }, guest))).toEqual([refused]);
  expect(await messagesOf(await postModern(url, call, { headers: guest }))).toEqual([refused]);
  const list = { id: 1, method: "tools/list" };
  const counts: number[] = [];
  for (const headers of [guest, {}, guest]) {
    // The scripted server's list, or the guest's empty one.
    const [answer] = (await messagesOf(await post(url, list, headers))) as [
      { result: { tools: unknown[] } },
    ];
    counts.push(answer.result.tools.length);
  }
  expect(counts).toEqual([0, 1, 0]);
  expect(front.server.methods).toEqual(["tools/list"]);
});

test("a session and an old stream belong to the one who opened them", async () => {
  await using front = serve();
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: {} };
  const opened = await post(
    `${front.url}/mcp`,
    { id: 0, method: "initialize", params },
    { "x-caller": "ada" },
  );
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  const ping = { id: 1, method: "ping" };
  const asAda = await post(`${front.url}/mcp`, ping, { ...session, "x-caller": "ada" });
  const asBob = await post(`${front.url}/mcp`, ping, { ...session, "x-caller": "bob" });
  expect([asAda.status, asBob.status]).toEqual([200, 404]);

  const stream = await fetch(`${front.url}/sse`, {
    headers: { accept: "text/event-stream", "x-caller": "ada" },
  });
  const first = await readEvents(stream).next();
  const messages = `${front.url}${first.value?.data}`;
  const statuses: number[] = [];
  for (const caller of ["ada", "bob"]) {
    const body = JSON.stringify({ jsonrpc: "2.0", ...ping });
    const headers = { ...postHeaders, "x-caller": caller };
    statuses.push((await fetch(messages, { method: "POST", headers, body })).status);
  }
  expect(statuses).toEqual([202, 404]);
});

test("a request at the bound is 429 with Retry-After in both eras", async () => {
  await using front = serve({ callLimitCount: 0 });
  const url = `${front.url}/mcp`;
  for (const response of [await post(url, { id: 1, ...call }), await postModern(url, call)]) {
    const { error } = (await response.json()) as { error: { data: unknown } };
    expect({
      status: response.status,
      after: response.headers.get("retry-after"),
      data: error.data,
    }).toEqual({ status: 429, after: "1", data: { retryAfterMs: 1000 } });
  }
});

test("a channel that serves one client hears of it and may write to it", () => {
  const server = new ScriptedServer();
  const left: Client[] = [];
  const seen: (Client | undefined)[] = [];
  const { send } = server;
  server.send = (message, origin, client?: Client) => {
    if ("method" in message && message.method === "tools/call") seen.push(client);
    send.call(server, message, origin);
  };
  Object.assign(server, { leave: (client: Client) => left.push(client) });
  const mux = createMux(server);
  const sent: unknown[] = [];
  const outlet = { deliver: (message: unknown) => sent.push(message), answer: () => undefined };
  const [ada, bob] = [mux.connect(outlet), mux.connect({ ...outlet, deliver: () => undefined })];
  mux.receive(ada, { jsonrpc: "2.0", id: 1, ...call });
  mux.receive(bob, { jsonrpc: "2.0", id: 1, ...call });
  const message = { jsonrpc: "2.0", method: "notifications/message", params: textOf("x") } as const;
  server.onMessage(message, { client: ada });
  mux.disconnect(bob);
  expect({ seen, sent, left, staying: [ada.isStaying, mux.visit(outlet, {}).isStaying] }).toEqual({
    seen: [ada, bob],
    sent: [message],
    left: [bob],
    staying: [true, false],
  });
});
