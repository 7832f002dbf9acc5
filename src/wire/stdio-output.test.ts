import { expect, test } from "bun:test";

const program = `${import.meta.dir}/../../tests/edge/stdio-fixture.ts`;
const start = (...args: string[]) =>
  Bun.spawn([process.execPath, program, ...args], { stdio: ["pipe", "pipe", "pipe"] });
const line = (message: object): string => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
const clientInfo = { name: "test", version: "1" };
const initialize = line({
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo },
});

test("a client that reads late gets every answer", async () => {
  const child = start();
  const text = "x".repeat(100_000);
  child.stdin.write(initialize);
  for (let id = 1; id <= 200; id++) {
    child.stdin.write(
      line({ id, method: "tools/call", params: { name: "echo", arguments: { text } } }),
    );
  }
  // Far more than the pipes hold is on its way before anybody reads, and there is nothing to wait for that would show it.
  await Bun.sleep(300);
  const stdout = new Response(child.stdout).text();
  await child.stdin.end();
  const ids = (await stdout)
    .trim()
    .split("\n")
    .map((one) => JSON.parse(one).id);
  expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 201 }, (_, id) => id));
  expect(await new Response(child.stderr).text()).toBe("stdin has ended");
});

test("a client that does not read at all is given up at the bound", async () => {
  const child = start("talks");
  child.stdin.write(initialize);
  child.stdin.flush();
  expect(await new Response(child.stderr).text()).toBe(
    "its stdout is not read: 67108864 bytes wait",
  );
  expect(await child.exited).toBe(0);
});
