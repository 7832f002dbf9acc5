import { expect, test } from "bun:test";
import { openSession, post, postHeaders, postModern } from "../../tests/wire/http.ts";
import { ScriptedServer } from "../../tests/wire/scripted.ts";
import { createMux, type Mux } from "./mux.ts";
import { serveFront } from "./serve.ts";

const clientCount = 100;
const hold = { method: "tools/call", params: { name: "hold", arguments: {} } };

/**
 * Waits until what clients have left behind is cleared away; the test then says what must be gone.
 */
async function settle(mux: Mux): Promise<void> {
  for (let wait = 0; wait < 100 && mux.calls.count + mux.clients.size > 0; wait++)
    await Bun.sleep(10);
}

/** Does the same for many clients, a few at a time, each with a signal to leave by. */
async function forMany(visit: (left: AbortController) => Promise<unknown>): Promise<void> {
  for (let done = 0; done < clientCount; done += 10) {
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const left = new AbortController();
        // A visit ends in the middle, so what it was waiting for fails.
        await visit(left).catch(() => undefined);
        left.abort();
      }),
    );
  }
}

test("clients that come and go in every way leave nothing behind", async () => {
  const server = new ScriptedServer();
  const mux = createMux(server, { tickMs: 20 });
  const front = serveFront({ mux, port: 0, sessionIdleLimitMs: 200 });
  const url = `${front.url}/mcp`;
  const accept = { accept: "text/event-stream" };
  await forMany(async ({ signal }) => {
    await fetch(`${front.url}/sse`, { headers: accept, signal });
  });
  await forMany(async ({ signal }) => {
    const session = { "mcp-session-id": await openSession(url) };
    await fetch(url, { headers: { ...accept, ...session }, signal });
  });
  await forMany(async ({ signal }) => {
    const session = { "mcp-session-id": await openSession(url) };
    await post(url, { id: 1, method: "ping" }, session);
    await fetch(url, { method: "DELETE", headers: session, signal });
  });
  await forMany(async (left) => {
    const listen = {
      method: "subscriptions/listen",
      params: { notifications: { toolsListChanged: true } },
    };
    await postModern(url, listen, { signal: left.signal });
  });
  await forMany(async (left) => {
    setTimeout(() => left.abort(), 10);
    await postModern(url, hold, { signal: left.signal });
  });
  await settle(mux);
  expect([mux.calls.count, mux.clients.size, mux.asks.count]).toEqual([0, 0, 0]);
  const metrics = await (await fetch(`${front.url}/metrics`)).text();
  for (const kind of ["sessions", "oldSse", "held", "listening", "modernStreams"]) {
    expect(metrics).toContain(`berth_open{kind="${kind}"} 0`);
  }
  await front.stop();
}, 20_000);

test("an abandoned legacy call ends with its answer, and nobody is left waiting", async () => {
  const server = new ScriptedServer();
  const mux = createMux(server);
  const front = serveFront({ mux, port: 0 });
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, ...hold });
  await forMany(async ({ signal }) => {
    const timed = AbortSignal.any([signal, AbortSignal.timeout(10)]);
    await fetch(`${front.url}/mcp`, { method: "POST", headers: postHeaders, body, signal: timed });
  });
  expect(mux.calls.count).toBe(clientCount);
  server.release();
  expect(mux.calls.count).toBe(0);
  await front.stop();
});
