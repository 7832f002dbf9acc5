import { expect, test } from "bun:test";
import { callTool } from "../../tests/edge/calls.ts";
import { startGateway, type TestGateway, until } from "../../tests/edge/gateway.ts";
import { postHeaders } from "../../tests/wire/http.ts";

/** Calls a tool of the one server and goes away without its answer, once the child has the call. */
async function abandon(berth: TestGateway, name: string, args: object): Promise<void> {
  const { roster } = berth.hosted("one").pool;
  const leaving = new AbortController();
  const params = { name, arguments: args };
  const gone = fetch(`${berth.url}/one/mcp`, {
    method: "POST",
    headers: postHeaders,
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
    signal: leaving.signal,
  }).then(
    (response) => response.text(),
    () => undefined,
  );
  await until(() => roster.list()[0]?.calls.size === 1);
  leaving.abort();
  await gone.catch(() => undefined);
}

test("a legacy call whose client has left keeps its place until it is answered, and gives it back then", async () => {
  await using berth = startGateway({ one: { limits: { concurrencyCount: 1 } } });
  const { pool } = berth.hosted("one");
  await callTool(`${berth.url}/one/mcp`, "pid");
  await abandon(berth, "echo", { text: "for nobody", ms: 300 });
  // A disconnect is not a cancellation in that era: the server still works on it.
  expect(pool.roster.list()[0]?.calls.size).toBe(1);
  const next = callTool(`${berth.url}/one/mcp`, "echo", { text: "next" });
  await until(() => pool.waitingCount === 1);
  expect(await next).toMatchObject({ text: "next" });
  expect([pool.roster.list()[0]?.calls.size, pool.waitingCount]).toEqual([0, 0]);
  expect(berth.records.map(({ target, outcome }) => `${target} ${outcome}`)).toEqual([
    "pid ok",
    "echo ok",
    "echo ok",
  ]);
});

test("one that is never answered gives its place back when its time is up", async () => {
  await using berth = startGateway({
    one: { limits: { concurrencyCount: 1, callLimitMs: 200 } },
  });
  const { pool } = berth.hosted("one");
  await callTool(`${berth.url}/one/mcp`, "pid");
  await abandon(berth, "hang", {});
  await until(() => pool.roster.list()[0]?.calls.size === 0);
  expect(await callTool(`${berth.url}/one/mcp`, "echo", { text: "next" })).toMatchObject({
    text: "next",
  });
  expect([pool.roster.list()[0]?.calls.size, pool.waitingCount]).toEqual([0, 0]);
  expect(berth.records.map(({ target, outcome }) => `${target} ${outcome}`)).toEqual([
    "pid ok",
    "hang cancelled",
    "echo ok",
  ]);
});
