import { expect, test } from "bun:test";
import { fixture, isAlive, until } from "../../tests/edge/gateway.ts";
import type { Message } from "../wire/message.ts";
import { Breaker, failureLimitCount } from "./breaker.ts";
import { Child } from "./child.ts";
import { StderrRing } from "./stderr-ring.ts";

function start(argv: readonly string[]) {
  const child = new Child({ argv, env: { PATH: process.env.PATH ?? "" }, cwd: import.meta.dir });
  const received: Message[] = [];
  child.onMessage = (message) => void received.push(message);
  const closed = new Promise<string>((resolve) => {
    child.onClose = resolve;
  });
  return { child, received, closed };
}

test("what a child wrote before it ended is still read, and its end is told in words", async () => {
  const said = '{"jsonrpc":"2.0","method":"notifications/message","params":{}}';
  const { received, closed } = start(["sh", "-c", `echo '${said}'; echo oops >&2; exit 5`]);
  expect(await closed).toBe("it exited with code 5; its last words: oops");
  expect(received).toEqual([JSON.parse(said)]);
});

test("the last words of a child are the error, not the place or the engine's version below it", async () => {
  const bun = start([process.execPath, "-e", "throw new TypeError('no licence')"]);
  expect(await bun.closed).toBe("it exited with code 1; its last words: TypeError: no licence");
  const said = "it is broken\nNode.js v24.1.0\n    at main (x.js:1:1)\n";
  const node = start(["sh", "-c", `printf '${said}' >&2; exit 1`]);
  expect(await node.closed).toBe("it exited with code 1; its last words: it is broken");
  const dump =
    "Error: no such file\\n    at x.js:1:1 {\\n  errno: -2,\\n  code: 1\\n}\\n\\nNode.js v24.1.0\\n";
  const dumped = start(["sh", "-c", `printf '${dump}' >&2; exit 1`]);
  expect(await dumped.closed).toBe("it exited with code 1; its last words: Error: no such file");
  const own = start(["sh", "-c", "printf 'Cannot start: no URL\\nhint: Set it.\\n' >&2; exit 2"]);
  expect(await own.closed).toBe("it exited with code 2; its last words: Cannot start: no URL");
});

test("a child that ends by a signal, or closes its stdout, says so", async () => {
  expect(await start(["sh", "-c", "kill -SEGV $$"]).closed).toBe("it was ended by SIGSEGV");
  const mute = start(["sh", "-c", "exec >&-; sleep 60"]);
  expect(await mute.closed).toBe("it closed its stdout");
  expect(await isAlive(mute.child.pid)).toBe(false);
});

test("writing to a child whose stdin is gone breaks nothing", async () => {
  // The sink throws at once there, in a turn of the event loop of its own: it ended the whole gateway.
  const ready = '{"jsonrpc":"2.0","method":"ready"}';
  const script = `exec <&-; echo '${ready}'; exec sleep 60`;
  const { child, received, closed } = start(["sh", "-c", script]);
  await until(() => received.length > 0);
  const ping = { jsonrpc: "2.0", id: 1, method: "ping" } as const;
  for (let turn = 0; turn < 3; turn++) {
    child.send(ping);
    await new Promise((resolve) => setImmediate(resolve));
  }
  child.kill("it was killed by the test");
  expect(await closed).toBe("it was killed by the test");
});

test("no shell reads the arguments of a child", async () => {
  const { received, closed } = start(["printf", "%s\n", '{"jsonrpc":"2.0","method":"$(id);`id`"}']);
  await closed;
  expect(received).toEqual([{ jsonrpc: "2.0", method: "$(id);`id`" }]);
});

test("a child that does not read is full at a bound, and reads everything in order when it goes on", async () => {
  const { child, received, closed } = start([process.execPath, fixture]);
  process.kill(child.pid, "SIGSTOP");
  const text = "x".repeat(1024 * 1024);
  let sent = 0;
  while (!child.isFull && sent < 100) {
    const params = { name: "echo", arguments: { text: `${sent} ${text}` } };
    child.send({ jsonrpc: "2.0", id: ++sent, method: "tools/call", params });
    await Bun.sleep(0);
  }
  expect([child.isFull, sent < 20]).toEqual([true, true]);
  process.kill(child.pid, "SIGCONT");
  await until(() => received.length === sent);
  expect(child.isFull).toBe(false);
  const ids = received.map((message) => ("id" in message ? message.id : undefined));
  expect(ids).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
  await child.close();
  expect(await closed).toBe("it was stopped");
});

test("stderr is kept to a bound, the last of it", () => {
  const seen: string[] = [];
  const ring = new StderrRing((line) => void seen.push(line), 20);
  ring.push(new TextEncoder().encode("first line\nsecond\nthird one\n"));
  ring.push(new Uint8Array(10_000).fill(97));
  ring.push(new TextEncoder().encode("\nlast\n"));
  expect(seen).toEqual(["first line", "second", "third one", "last"]);
  expect(ring.tail(10)).toEqual(["last"]);
});

test("restarts wait longer each time, and stop for a while after too many failures", () => {
  const breaker = new Breaker();
  const waits: number[] = [];
  for (let index = 0; index < failureLimitCount; index++) {
    breaker.failed(`reason ${index}`);
    waits.push(Math.round(breaker.waitMs() / 50) * 50);
  }
  expect(waits).toEqual([50, 100, 200, 400, 30_000]);
  expect([breaker.isOpen, breaker.lastReason]).toEqual([true, "reason 4"]);
  breaker.reset();
  expect([breaker.isOpen, breaker.waitMs()]).toEqual([false, 0]);
});
