import { expect, test } from "bun:test";
import { TestClient } from "../../tests/wire/client.ts";
import { ScriptedServer } from "../../tests/wire/scripted.ts";
import { createMux, type Mux, type MuxOptions } from "./mux.ts";

function setUp(options?: MuxOptions): { server: ScriptedServer; mux: Mux } {
  const server = new ScriptedServer();
  return { server, mux: createMux(server, options) };
}

test("a question goes to the client of the call that it belongs to, and only its answer counts", async () => {
  const { mux } = setUp();
  const [one, two] = [new TestClient(mux), new TestClient(mux)];
  for (const client of [one, two]) client.initialize({ elicitation: {} });
  one.call(1, "hold");
  two.call(1, "ask", { text: "Sure?" });
  const question = two.sent[0];
  expect(question).toMatchObject({ method: "elicitation/create", params: { message: "Sure?" } });
  const id = question && "id" in question ? (question.id ?? "") : "";
  one.respond(id, { action: "decline" });
  two.respond(id, { action: "accept" });
  await Bun.sleep(1);
  expect(one.sent).toEqual([]);
  expect(JSON.stringify(two.sent[1])).toContain("accept");
  expect(mux.asks.count).toBe(0);
});

test.each([
  ["a client without the capability", {}, 'capability "elicitation"'],
  ["two clients with calls in flight and no owner", { elicitation: {} }, "not known which one"],
])("a question is refused for %s", async (name, capabilities, reason) => {
  const { server, mux } = setUp();
  const [one, two] = [new TestClient(mux), new TestClient(mux)];
  for (const client of [one, two]) client.initialize(capabilities);
  one.call(1, "hold");
  two.call(1, "hold");
  const owner = name.startsWith("two") ? undefined : server.held[0]?.id;
  const answer = await server.ask("elicitation/create", { message: "?" }, owner);
  expect("error" in answer && answer.error.message).toContain(reason);
  expect([one.sent, two.sent]).toEqual([[], []]);
});

test("a question without owner goes to the only client that has calls in flight", async () => {
  const { server, mux } = setUp();
  const [one, two] = [new TestClient(mux), new TestClient(mux)];
  for (const client of [one, two]) client.initialize({ roots: {} });
  two.call(1, "hold");
  const answer = server.ask("roots/list", {});
  const id = two.sent[0] && "id" in two.sent[0] ? (two.sent[0].id ?? "") : "";
  two.respond(id, { roots: [] });
  expect(await answer).toEqual({ jsonrpc: "2.0", id: 1, result: { roots: [] } });
  expect(one.sent).toEqual([]);
});

test("a question whose client leaves is answered with an error", async () => {
  const { server, mux } = setUp();
  const client = new TestClient(mux);
  client.initialize({ sampling: {} });
  client.call(1, "hold");
  const answer = server.ask("sampling/createMessage", {}, server.held[0]?.id);
  mux.disconnect(client.client);
  expect(await answer).toMatchObject({
    error: { message: "Cannot ask the client: it has disconnected" },
  });
  expect(mux.asks.count).toBe(0);
});

test("log messages reach their client from its level on; without owner nobody gets them", () => {
  const { server, mux } = setUp();
  const [one, two] = [new TestClient(mux), new TestClient(mux)];
  one.request(1, "logging/setLevel", { level: "warning" });
  two.request(1, "logging/setLevel", { level: "debug" });
  const levels = server.received.flatMap((one) => ("method" in one && one.params?.level) || []);
  expect(levels).toEqual(["warning", "debug"]);
  one.call(2, "hold");
  two.call(2, "hold");
  for (const { id } of server.held) {
    for (const level of ["info", "error"]) server.notify("notifications/message", { level }, id);
  }
  server.notify("notifications/message", { level: "error" });
  const seen = ({ sent }: TestClient): unknown[] =>
    sent.flatMap((message) => ("method" in message ? [message.params?.level] : []));
  expect([seen(one), seen(two)]).toEqual([["error"], ["info", "error"]]);
  expect(mux.counters.ownerlessCount).toBe(1);
});

test("resource updates go to their subscribers, and the server keeps its subscription while one is left", () => {
  const { server, mux } = setUp();
  const clients = [new TestClient(mux), new TestClient(mux), new TestClient(mux)] as const;
  const [one, two, three] = clients;
  one.request(1, "resources/subscribe", { uri: "test://a" });
  two.request(1, "resources/subscribe", { uri: "test://a" });
  server.notify("notifications/resources/updated", { uri: "test://a" });
  expect(clients.map(({ sent }) => sent.length)).toEqual([2, 2, 0]);
  one.request(2, "resources/unsubscribe", { uri: "test://a" });
  expect(server.methods.filter((method) => method === "resources/unsubscribe")).toEqual([]);
  mux.disconnect(two.client);
  expect(server.methods.filter((method) => method === "resources/unsubscribe")).toHaveLength(1);
  expect(three.sent).toEqual([]);
});
