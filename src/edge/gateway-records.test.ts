import { expect, test } from "bun:test";
import { callModern, callTool } from "../../tests/edge/calls.ts";
import { startGateway, until } from "../../tests/edge/gateway.ts";

test("trace context reaches the child, from the header or from the client's own metadata", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  for (const call of [callTool, callModern]) {
    const { text = "{}" } = await call(url, "meta", {}, { traceparent, tracestate: "a=b" });
    expect(JSON.parse(text)).toMatchObject({ traceparent, tracestate: "a=b" });
  }
  const bad = await callTool(url, "meta", {}, { traceparent: "00-nonsense" });
  expect(JSON.parse(bad.text ?? "{}").traceparent).toBeUndefined();
  expect(berth.records.map((record) => record.traceparent)).toEqual([
    traceparent,
    traceparent,
    undefined,
  ]);
});

test("every call is recorded with who, what, how it ended and how long, and never with its arguments", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  await callTool(url, "echo", { text: "a secret" });
  await callTool(url, "fail");
  await callTool(url, "nothing");
  const known = berth.records.map(({ durationMs, requestBytes, responseBytes, ...rest }) => {
    expect([durationMs > 0, requestBytes > 50, responseBytes > 50]).toEqual([true, true, true]);
    return rest;
  });
  const base = { server: "one", principal: "anyone", method: "tools/call", traceparent: undefined };
  expect(known).toEqual([
    { ...base, target: "echo", outcome: "ok" },
    { ...base, target: "fail", outcome: "tool_error" },
    { ...base, target: "nothing", outcome: "error" },
  ]);
  expect(JSON.stringify(berth.records)).not.toContain("a secret");
});

test("health, readiness from a live ping, and metrics with the server's name", async () => {
  await using berth = startGateway({ one: {}, broken: { env: { FIXTURE_FAIL: "no key" } } });
  await callTool(`${berth.url}/one/mcp`, "echo");
  expect(await (await fetch(`${berth.url}/healthz`)).json()).toEqual({ status: "UP" });
  await until(() => berth.hosted("broken").pool.counters.endings.start > 0);
  const ready = await fetch(`${berth.url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    {
      status: "DOWN",
      mode: "enforce",
      servers: { one: { isReady: true, state: "running" }, broken: { isReady: false } },
    },
  ]);
  const metrics = await (await fetch(`${berth.url}/metrics`)).text();
  expect(metrics).toContain(
    'berth_requests_total{server="one",method="tools/call",outcome="ok"} 1',
  );
  expect(metrics).toContain('berth_children{server="one"} 1');
  expect(metrics).toMatch(/berth_child_endings_total\{server="broken",reason="start"\} [1-9]/);
});

test("the events of a server can be followed", async () => {
  await using berth = startGateway({ one: {} });
  const url = `${berth.url}/one/mcp`;
  await callTool(url, "stderr", { text: "warming up" });
  await until(() => berth.hosted("one").events.last(1)[0]?.kind === "stderr");
  const text = await (await fetch(`${berth.url}/one/events?follow=false`)).text();
  const kinds = text
    .split("\n\n")
    .filter((event) => event.startsWith("data: "))
    .map((event) => JSON.parse(event.slice("data: ".length)).kind);
  expect(kinds).toEqual(["boot", "ready", "stderr"]);
});
