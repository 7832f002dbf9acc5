import { expect, test } from "bun:test";
import { messagesOf, postModern, readEvents } from "../../tests/wire/http.ts";
import { serveScripted } from "../../tests/wire/scripted-front.ts";

test("closing the response is the cancellation, before and after the stream has begun", async () => {
  const { server, own, target, front: scripted } = serveScripted();
  const hold = { method: "tools/call", params: { name: "hold", arguments: {} } };
  for (const isStreaming of [false, true]) {
    const left = new AbortController();
    const response = postModern(target, hold, { signal: left.signal });
    while (server.held.length === 0) await Bun.sleep(1);
    if (isStreaming) await response;
    left.abort();
    await response.catch(() => undefined);
    for (let wait = 0; wait < 50 && own.calls.count > 0; wait++) await Bun.sleep(10);
    expect(own.calls.count).toBe(0);
    expect(server.received.at(-1)).toMatchObject({
      method: "notifications/cancelled",
      params: { requestId: server.held[0]?.id },
    });
    server.held.length = 0;
  }
  await scripted.stop();
});

test("a subscription is acknowledged first, tells what was asked for, and ends with its connection", async () => {
  const { server, own, target, front: scripted } = serveScripted();
  const notifications = {
    toolsListChanged: true,
    promptsListChanged: true,
    resourceSubscriptions: ["test://a"],
  };
  const left = new AbortController();
  const listen = { id: "sub", method: "subscriptions/listen", params: { notifications } };
  const response = await postModern(target, listen, { signal: left.signal });
  const events = readEvents(response);
  const next = async (): Promise<unknown> =>
    JSON.parse((await events.next()).value?.data ?? "null");
  const _meta = { "io.modelcontextprotocol/subscriptionId": "sub" };
  // The server offers no prompts, so it does not promise to tell of their changes.
  const { promptsListChanged, ...honoured } = notifications;
  expect(await next()).toEqual({
    jsonrpc: "2.0",
    method: "notifications/subscriptions/acknowledged",
    params: { notifications: honoured, _meta },
  });
  server.notify("notifications/resources/list_changed");
  server.notify("notifications/resources/updated", { uri: "test://b" });
  server.notify("notifications/resources/updated", { uri: "test://a" });
  server.notify("notifications/tools/list_changed");
  expect(await next()).toMatchObject({ params: { uri: "test://a", _meta } });
  expect(await next()).toMatchObject({
    method: "notifications/tools/list_changed",
    params: { _meta },
  });
  left.abort();
  for (let wait = 0; wait < 50 && own.clients.size > 0; wait++) await Bun.sleep(10);
  expect(own.clients.size).toBe(0);
  expect(server.methods).toEqual(["resources/subscribe", "resources/unsubscribe"]);
  await scripted.stop();
});

test("a front that stops tells its subscribers", async () => {
  const { target, front: scripted } = serveScripted();
  const params = { notifications: { toolsListChanged: true } };
  const response = await postModern(target, { id: 5, method: "subscriptions/listen", params });
  const messages = messagesOf(response);
  await scripted.stop();
  expect((await messages).at(-1)).toMatchObject({ id: 5, result: { resultType: "complete" } });
});
