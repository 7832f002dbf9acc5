import { expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callTool, toolNames } from "../../tests/edge/calls.ts";
import { fixture, startGateway, until } from "../../tests/edge/gateway.ts";
import { messagesOf, post } from "../../tests/wire/http.ts";
import { FileWatch, filesOf } from "./watch.ts";

test("another version takes over without a lost call: those in flight end where they began", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "berth-test-")), "version");
  writeFileSync(file, "1");
  await using berth = startGateway({ one: { argv: [process.execPath, fixture, file] } });
  const url = `${berth.url}/one/mcp`;
  expect((await callTool(url, "version")).text).toBe("1");
  const [old] = berth.pids("one");
  const slow = callTool(url, "echo", { text: "from the old one", ms: 700 });
  writeFileSync(file, "2");
  berth.hosted("one").pool.reload();
  const versions = new Set<string | undefined>();
  await until(async () => {
    const { text, error } = await callTool(url, "version");
    expect(error).toBeUndefined();
    versions.add(text);
    return text === "2";
  });
  expect([...versions]).toEqual(["1", "2"]);
  expect(berth.pids("one")).toContain(old ?? 0);
  expect((await slow).text).toBe("from the old one");
  await until(() => !berth.pids("one").includes(old ?? 0));
  const { counters } = berth.hosted("one").pool;
  expect([counters.endings.reload, counters.reloadCount]).toEqual([1, 1]);
  // What it says of itself is asked again, too.
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: {} };
  const [opened] = await messagesOf(await post(url, { id: 1, method: "initialize", params }));
  expect(opened).toMatchObject({ result: { serverInfo: { version: "2" } } });
  expect((await toolNames(url)).length).toBeGreaterThan(10);
});

test("a new version that does not start leaves the old one where it is", async () => {
  const env: Record<string, string> = {};
  await using berth = startGateway({ one: { env } });
  const url = `${berth.url}/one/mcp`;
  const { text } = await callTool(url, "pid");
  const { pool } = berth.hosted("one");
  env.FIXTURE_FAIL = "half a release";
  // The test's gateway hands this object to each start.
  pool.reload();
  await until(() => pool.counters.startFailureCount === 1);
  expect((await callTool(url, "pid")).text).toBe(text);
});

test("a change is noticed once the files have stopped changing", () => {
  const folder = mkdtempSync(join(tmpdir(), "berth-test-"));
  const script = join(folder, "server.js");
  writeFileSync(script, "1");
  let changes = 0;
  const files = filesOf(null, ["bun", "server.js"], folder);
  const watch = new FileWatch(
    () => files,
    () => changes++,
  );
  watch.poll();
  writeFileSync(script, "22");
  watch.poll();
  writeFileSync(script, "333");
  watch.poll();
  expect(changes).toBe(0);
  watch.poll();
  watch.poll();
  expect(changes).toBe(1);
  writeFileSync(script, "4444");
  watch.rebase();
  watch.poll();
  watch.poll();
  expect(changes).toBe(1);
});
