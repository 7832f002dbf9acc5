import { expect, test } from "bun:test";
import { callModern, callTool, toolNames } from "../../tests/edge/calls.ts";
import { isAlive, startGateway, until } from "../../tests/edge/gateway.ts";
import { groupSize } from "../../tests/edge/jailed.ts";
import { post } from "../../tests/wire/http.ts";

test("a child that dies in a call: the caller hears why at once, and the next call works", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  await callTool(url, "pid");
  for (const [call, code] of [
    [callTool, 3],
    [callModern, 4],
  ] as const) {
    const startedMs = performance.now();
    const { error } = await call(url, "crash", { code });
    expect(performance.now() - startedMs).toBeLessThan(1000);
    expect(error).toEqual({
      code: -32000,
      message: `Cannot finish tools/call "crash": the server is gone: it exited with code ${code}; its last words: the disk is on fire`,
      data: { reason: "crash" },
    });
    expect(await call(url, "echo", { text: "again" })).toMatchObject({ text: "again" });
  }
  expect(berth.hosted("one").pool.counters.endings.crash).toBe(2);
});

test("a call that was in flight is not made a second time", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  await callTool(url, "crash");
  await callTool(url, "echo");
  // Had it been replayed, the second child would have died of it, too.
  expect(berth.hosted("one").pool.counters.startCount).toBe(2);
});

test("a child that hears nothing after a call has used up its time is ended, and the next call works", async () => {
  await using berth = startGateway({ one: { limits: { callLimitMs: 300 } } });
  const url = `${berth.url}/one/mcp`;
  await callTool(url, "pid");
  // One that only takes long is left alone.
  expect((await callTool(url, "hang")).error?.message).toContain("no answer within 300 ms");
  const [pid = 0] = berth.pids("one");
  expect((await callTool(url, "spin")).error?.message).toContain("no answer within 300 ms");
  await until(async () => !(await isAlive(pid)));
  expect(await callTool(url, "echo", { text: "again" })).toMatchObject({ text: "again" });
  const { endings } = berth.hosted("one").pool.counters;
  expect([endings.unresponsive, endings.crash]).toEqual([1, 0]);
}, 15_000);

test("many calls in flight all hear of the end of their child", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  await callTool(url, "pid");
  const held = Array.from({ length: 20 }, () => callTool(url, "hang"));
  await until(() => berth.hosted("one").mux?.calls.count === 20);
  void callTool(url, "crash");
  for (const { error } of await Promise.all(held)) {
    expect(error?.message).toContain("the server is gone: it exited with code 3");
  }
});

test("many calls at once start one child", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  const pids = await Promise.all(Array.from({ length: 50 }, () => callTool(url, "pid")));
  expect(new Set(pids.map(({ text }) => text)).size).toBe(1);
  expect(berth.hosted("one").pool.counters.startCount).toBe(1);
});

test("the bound of concurrency makes calls wait, and a full queue is 429 with Retry-After", async () => {
  await using berth = startGateway({
    one: {
      limits: { concurrencyCount: 2, queueLimitCount: 2, queueLimitMs: 400, drainLimitMs: 100 },
    },
  });
  const url = `${berth.url}/one/mcp`;
  await callTool(url, "pid");
  const body = { id: 1, method: "tools/call", params: { name: "hang" } };
  const held = Array.from({ length: 4 }, () => post(url, body));
  await until(() => berth.hosted("one").pool.waitingCount === 2);
  const refused = await post(url, body);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
  expect(await refused.json()).toMatchObject({
    error: { message: "Cannot call tools/call: 2 calls wait for it already" },
  });
  expect(await callModern(url, "echo")).toMatchObject({ status: 429 });
  // Those that wait are let go when their time is up.
  const late = await Promise.race(held.slice(2));
  expect(await late?.json()).toMatchObject({
    error: { message: "Cannot call tools/call: no child was free within 400 ms" },
  });
  expect(
    berth.records.filter(({ outcome }) => outcome === "refused").length,
  ).toBeGreaterThanOrEqual(3);
});

test("waiting calls run as soon as there is room, in their order", async () => {
  await using berth = startGateway({ one: { limits: { concurrencyCount: 1 } } });
  const url = `${berth.url}/one/mcp`;
  await callTool(url, "pid");
  const order: string[] = [];
  const calls = ["a", "b", "c"].map(async (text) => {
    await callTool(url, "echo", { text, ms: 20 });
    order.push(text);
  });
  await Promise.all(calls);
  expect(order).toEqual(["a", "b", "c"]);
});

test("more children take calls when one is busy, up to the bound", async () => {
  await using berth = startGateway({
    one: { limits: { concurrencyCount: 1, childLimitCount: 3 } },
  });
  const url = `${berth.url}/one/mcp`;
  await callTool(url, "pid");
  const calls = Array.from({ length: 9 }, () => callTool(url, "echo", { text: "x", ms: 300 }));
  await until(() => berth.pids("one").length === 3);
  expect((await Promise.all(calls)).every(({ text }) => text === "x")).toBe(true);
  expect(berth.pids("one").length).toBe(3);
});

test("a child without work is stopped, what is known is answered without it, and a call starts it again", async () => {
  await using berth = startGateway({ one: { limits: { idleLimitMs: 200 } } });
  const url = `${berth.url}/one/mcp`;
  const names = await toolNames(url);
  const first = await callTool(url, "pid");
  await until(() => berth.pids("one").length === 0);
  expect(await (await fetch(`${berth.url}/readyz`)).json()).toMatchObject({
    status: "UP",
    servers: { one: { state: "idle: it starts with the next call" } },
  });
  expect(await toolNames(url)).toEqual(names);
  expect(berth.pids("one")).toEqual([]);
  const second = await callTool(url, "pid");
  expect(second.text).not.toBe(first.text);
  expect(berth.hosted("one").pool.counters.endings.idle).toBe(1);
});

test("a server that cannot start: callers hear why, and after five tries it is left alone for a while", async () => {
  await using berth = startGateway({ one: { env: { FIXTURE_FAIL: "no licence found" } } });
  const url = `${berth.url}/one/mcp`;
  const first = await post(url, { id: 1, method: "tools/list" });
  expect([first.status, first.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await first.json()).toMatchObject({
    error: {
      message: 'Cannot call "one": it exited with code 7; its last words: no licence found',
    },
  });
  await until(() => berth.hosted("one").pool.breaker.isOpen);
  const startedMs = performance.now();
  const refused = await post(url, { id: 1, method: "tools/list" });
  expect([refused.status, performance.now() - startedMs < 100]).toEqual([503, true]);
  const ready = await fetch(`${berth.url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    { status: "DOWN", servers: { one: { isReady: false } } },
  ]);
  expect(berth.hosted("one").pool.counters.startFailureCount).toBe(5);
});

test("a child that crashes on every call is not started for ever", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  let last = "";
  for (let index = 0; index < 8; index++)
    last = (await callTool(url, "crash")).error?.message ?? "";
  expect(last).toContain("it keeps failing: it exited with code 3");
  expect(berth.hosted("one").pool.counters.startCount).toBe(5);
});

test("a program that is not there is named", async () => {
  await using berth = startGateway({ one: { argv: ["/nowhere/server"] } });
  const response = await post(`${berth.url}/one/mcp`, { id: 1, method: "ping" });
  expect(await response.text()).toContain('Cannot start \\"/nowhere/server\\"');
});

test("a child that starts processes without end is ended with all of them, and the next call works", async () => {
  await using berth = startGateway({ one: { limits: { taskLimitCount: 100 } } });
  const url = `${berth.url}/one/mcp`;
  await callTool(url, "pid");
  const [pid = 0] = berth.pids("one");
  const swarm = await callTool(url, "swarm", { count: 150 });
  expect(swarm.error?.message ?? "").toMatch(
    /the server is gone: it has \d+ processes and threads; 100 are its limit/,
  );
  await until(() => groupSize(pid) === 0, 2000);
  expect(berth.hosted("one").pool.counters.endings.tasks).toBe(1);
  expect(await callTool(url, "echo", { text: "again" })).toMatchObject({ text: "again" });
});

test("limits of calls, of age and of memory each end a child for their reason, and no call is lost", async () => {
  await using berth = startGateway({
    calls: { limits: { requestLimitCount: 5 } },
    age: { limits: { lifeLimitMs: 300 } },
    memory: { limits: { memoryLimitBytes: 160 * 1024 * 1024 } },
  });
  const reasons = { calls: "requests", age: "wall_clock" } as const;
  for (const name of ["calls", "age"] as const) {
    const { counters } = berth.hosted(name).pool;
    await until(async () => {
      const { text } = await callTool(`${berth.url}/${name}/mcp`, "echo", { text: "ok" });
      expect(text).toBe("ok");
      return counters.endings[reasons[name]] >= 2;
    });
  }
  const url = `${berth.url}/memory/mcp`;
  const hoarded = await callTool(url, "hoard", { bytes: 500 * 1024 * 1024 });
  expect(hoarded.error?.message).toMatch(
    /the server is gone: it holds \d+ of 167772160 bytes of memory/,
  );
  expect(await callTool(url, "echo", { text: "again" })).toMatchObject({ text: "again" });
});

test("a child's whole group ends with it, also when it ignores SIGTERM", async () => {
  const berth = startGateway({ one: { env: { FIXTURE_STUBBORN: "1" } } });
  const { text } = await callTool(`${berth.url}/one/mcp`, "fork");
  const pids = [...berth.pids("one"), Number(text)];
  expect(await Promise.all(pids.map(isAlive))).toEqual([true, true]);
  await berth[Symbol.asyncDispose]();
  expect(await Promise.all(pids.map(isAlive))).toEqual([false, false]);
}, 15_000);

test("grandchildren do not outlive a child that crashes", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  const { text } = await callTool(url, "fork");
  await callTool(url, "crash");
  await until(async () => !(await isAlive(Number(text))), 2000);
});
