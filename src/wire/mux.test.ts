import { expect, test } from "bun:test";
import { TestClient } from "../../tests/wire/client.ts";
import { ScriptedServer, textOf } from "../../tests/wire/scripted.ts";
import type { Message, RequestId } from "./message.ts";
import { createMux, type Mux, type MuxOptions } from "./mux.ts";

function setUp(options?: MuxOptions): { server: ScriptedServer; mux: Mux } {
  const server = new ScriptedServer();
  return { server, mux: createMux(server, options) };
}

const echoed = (id: RequestId, text: string): Message => ({
  jsonrpc: "2.0",
  id,
  result: textOf(text),
});

test("the server sees one initialize, and every client is answered in the version that it asked for", () => {
  const { server, mux } = setUp();
  for (const version of ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "1999-01-01"]) {
    const client = new TestClient(mux);
    client.request(1, "initialize", { protocolVersion: version });
    client.request(2, "initialize", { protocolVersion: version });
    const protocolVersion = version === "1999-01-01" ? "2025-11-25" : version;
    const serverInfo = { name: "scripted", version: "1.0.0" };
    const { capabilities } = server;
    const result = { protocolVersion, capabilities, serverInfo };
    expect(client.sent).toEqual([1, 2].map((id) => ({ jsonrpc: "2.0", id, result })));
  }
  const initializes = server.received.filter(
    (message) => "method" in message && message.method === "initialize",
  );
  expect(initializes).toHaveLength(1);
});

test("clients with the same ids and progress tokens at the same time never meet", async () => {
  const { mux } = setUp();
  const clients = Array.from({ length: 20 }, () => new TestClient(mux));
  for (const [index, client] of clients.entries()) {
    client.call(0, "progress", { text: `p${index}` }, { progressToken: 0 });
    client.call("0", "echo", { text: `e${index}`, ms: 5 - (index % 5) });
    client.call(1, "echo", { text: `f${index}` }, { progressToken: "t" });
  }
  await Bun.sleep(30);
  for (const [index, { sent }] of clients.entries()) {
    const progress = [1, 2].map((count) => ({
      jsonrpc: "2.0",
      method: "notifications/progress",
      params: { progressToken: 0, progress: count, message: `p${index}` },
    }));
    expect(sent.slice(0, 3) as object[]).toEqual([...progress, echoed(0, `p${index}`)]);
    expect(sent.slice(3)).toContainEqual(echoed("0", `e${index}`));
    expect(sent.slice(3)).toContainEqual(echoed(1, `f${index}`));
    expect(sent).toHaveLength(5);
  }
  expect(mux.calls.count).toBe(0);
});

test("a cancellation reaches the server under its own id and ends the call", () => {
  const { server, mux } = setUp();
  const [one, two] = [new TestClient(mux), new TestClient(mux)];
  one.call(7, "hold");
  two.call(7, "hold");
  two.notify("notifications/cancelled", { requestId: 7, reason: "enough" });
  const internalId = server.held[1]?.id ?? "none";
  expect(server.received.at(-1)).toEqual({
    jsonrpc: "2.0",
    method: "notifications/cancelled",
    params: { requestId: internalId, reason: "enough" },
  });
  server.release();
  expect([one.sent, two.sent]).toEqual([[echoed(7, "released")], []]);
  expect(mux.counters.lateCount).toBe(1);
});

test("a client that leaves takes its calls along, and late answers are dropped", () => {
  const { server, mux } = setUp();
  const [one, two] = [new TestClient(mux), new TestClient(mux)];
  one.call(1, "hold");
  two.call(1, "hold");
  mux.disconnect(one.client);
  expect(server.methods).toEqual(["tools/call", "tools/call", "notifications/cancelled"]);
  server.release();
  expect([one.sent, two.sent]).toEqual([[], [echoed(1, "released")]]);
  expect([mux.calls.count, mux.clients.size]).toEqual([0, 1]);
});

test("a server that dies fails the calls in flight at once and the later ones too", () => {
  const { mux } = setUp();
  const [one, two] = [new TestClient(mux), new TestClient(mux)];
  one.call(1, "hold");
  two.call("x", "die");
  two.call(3, "echo");
  const gone = (id: RequestId, name: string): object => ({
    id,
    error: {
      code: -32000,
      message: `Cannot finish tools/call "${name}": the server is gone: it crashed`,
    },
  });
  expect(one.sent).toMatchObject([gone(1, "hold")]);
  expect(two.sent).toMatchObject([
    gone("x", "die"),
    { id: 3, error: { message: "Cannot call tools/call: the server is gone: it crashed" } },
  ]);
});

test("a new server takes over while calls end where they began", async () => {
  const { server, mux } = setUp();
  const client = new TestClient(mux);
  client.request(1, "resources/subscribe", { uri: "test://a" });
  client.call(2, "hold");
  const next = new ScriptedServer();
  mux.attach(next);
  client.call(3, "echo", { text: "new" });
  server.release();
  await Bun.sleep(1);
  expect(next.methods).toEqual(["resources/subscribe", "tools/call"]);
  expect(client.sent.slice(1)).toEqual([echoed(2, "released"), echoed(3, "new")]);
});

test("tools/list is asked for once until the list changes, and the change is told to everyone", () => {
  const { server, mux } = setUp();
  const [one, two] = [new TestClient(mux), new TestClient(mux)];
  one.request(1, "tools/list");
  two.request("b", "tools/list");
  expect(server.methods).toEqual(["tools/list"]);
  expect(two.sent).toMatchObject([{ id: "b", result: { tools: [{ name: "echo" }] } }]);
  server.notify("notifications/tools/list_changed");
  two.request("c", "tools/list");
  expect(server.methods).toEqual(["tools/list", "tools/list"]);
  const changed = { jsonrpc: "2.0", method: "notifications/tools/list_changed", params: {} };
  expect(one.sent.at(-1)).toEqual(changed as Message);
});

test("calls over the bound are refused at once", () => {
  const { server, mux } = setUp({ callLimitCount: 2 });
  const client = new TestClient(mux);
  for (const id of [1, 2, 3]) client.call(id, "hold");
  expect(client.sent).toMatchObject([
    { id: 3, error: { code: -32000, data: { retryAfterMs: 1000 } } },
  ]);
  expect(server.held).toHaveLength(2);
});

test("a call that takes too long is answered, and the server is asked to stop", async () => {
  const { server, mux } = setUp({ callLimitMs: 20, tickMs: 5 });
  const client = new TestClient(mux);
  client.call("slow", "hold");
  await Bun.sleep(60);
  expect(client.sent).toMatchObject([{ id: "slow", error: { code: -32001 } }]);
  expect(server.methods).toEqual(["tools/call", "notifications/cancelled"]);
  expect(mux.calls.count).toBe(0);
});

test("messages that come before the server is ready wait for it", () => {
  const server = new ScriptedServer();
  let start: (() => void) | undefined;
  const send = server.send.bind(server);
  server.send = (message) => {
    if (start === undefined) start = () => send(message);
    else send(message);
  };
  const mux = createMux(server);
  const client = new TestClient(mux);
  client.request(1, "initialize", { protocolVersion: "2025-06-18" });
  client.call(2, "hold");
  expect(client.sent).toEqual([]);
  start?.();
  expect(client.sent).toMatchObject([{ id: 1, result: { protocolVersion: "2025-06-18" } }]);
  expect(server.held).toHaveLength(1);
});
