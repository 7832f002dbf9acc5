import { afterAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./program.ts";

/** How long the service below takes to answer, in milliseconds: long enough to be asked to stop meanwhile. */
const answerMs = 300;
/** How long a server may take to end once its calls are answered, in milliseconds. */
const endLimitMs = 1_000;

const slowService = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    await Bun.sleep(answerMs);
    return Response.json({ customerId: new URL(request.url).pathname.split("/").at(-1) });
  },
});
afterAll(() => slowService.stop(true));

const command = [
  join(root, "dist/customer-mcp"),
  "--customer-api-base-url",
  `http://127.0.0.1:${slowService.port}`,
];
const call = (id: number | string) =>
  `${JSON.stringify({
    jsonrpc: "2.0",
    id,
    method: "tools/call",
    params: { name: "get_customer", arguments: { customer_id: `C${id}` } },
  })}\n`;

describe("customer-mcp over stdio answers the calls in flight, then ends with 0", () => {
  test("when stdin ends", async () => {
    const server = start();
    server.stdin.write(call(1) + call("two") + call(3));
    await server.stdin.end();
    expect(await outcome(server)).toEqual({
      code: 0,
      answers: ["1:C1", "3:C3", "two:Ctwo"],
      isInTime: true,
    });
  });

  test("on SIGTERM", async () => {
    const server = start();
    server.stdin.write(call(1) + call("two"));
    await server.stdin.flush();
    // Until the calls have reached the service there is nothing in flight.
    while (slowService.pendingRequests < 2) await Bun.sleep(5);
    server.kill("SIGTERM");
    expect(await outcome(server)).toEqual({
      code: 0,
      answers: ["1:C1", "two:Ctwo"],
      isInTime: true,
    });
  });
});

describe("customer-mcp over stdio ends by itself", () => {
  test("within a second of its stdin, telling the caller of a call that it cannot finish", async () => {
    using hanging = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () => Bun.sleep(20_000).then(() => new Response()),
    });
    const server = start(hanging.port);
    server.stdin.write(call(1));
    await server.stdin.flush();
    while (hanging.pendingRequests < 1) await Bun.sleep(5);
    const began = performance.now();
    await server.stdin.end();
    const [stdout, code] = await Promise.all([new Response(server.stdout).text(), server.exited]);
    expect({
      code,
      answer: JSON.parse(stdout),
      isInTime: performance.now() - began < endLimitMs,
    }).toEqual({
      code: 0,
      answer: {
        jsonrpc: "2.0",
        id: 1,
        error: {
          code: -32000,
          message: 'Cannot finish tools/call "get_customer": the server is stopping',
        },
      },
      isInTime: true,
    });
    await hanging.stop(true);
  });

  test("when nobody reads its stdout any more, without a word on stderr but JSON", async () => {
    // The shell's `head` closes the pipe after one line, while stdin stays open.
    const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    const script = `(for i in 1 2 3 4 5 6; do echo '${ping}'; sleep 0.2; done; sleep 30) | ( "$@"; echo "code $?" >&3 ) 3>&2 | head -n 1`;
    const shell = Bun.spawn(["timeout", "10", "bash", "-c", script, "bash", ...command], {
      stdout: "ignore",
      stderr: "pipe",
    });
    const reader = shell.stderr.getReader();
    const { value } = await reader.read();
    shell.kill();
    expect(new TextDecoder().decode(value)).toBe("code 0\n");
  });

  test("when its parent has died and left stdin open", async () => {
    const script =
      'f=$(mktemp -u); mkfifo "$f"; exec 9<>"$f"; rm "$f"; "$@" <&9 >/dev/null 2>&1 & echo $!; sleep 0.5; kill -9 $$';
    const shell = Bun.spawn(["bash", "-c", script, "bash", ...command], { stdout: "pipe" });
    const pid = Number(await new Response(shell.stdout).text());
    const deadline = Date.now() + 5_000;
    while (isAlive(pid) && Date.now() < deadline) await Bun.sleep(50);
    expect(isAlive(pid)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

function start(port = slowService.port) {
  return Bun.spawn([...command.slice(0, -1), `http://127.0.0.1:${port}`], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
    env: {},
  });
}

async function outcome(server: ReturnType<typeof start>): Promise<object> {
  const began = performance.now();
  const [stdout, code] = await Promise.all([new Response(server.stdout).text(), server.exited]);
  const answers = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(({ id, result }) => `${id}:${result.structuredContent.customerId}`)
    .sort();
  return { code, answers, isInTime: performance.now() - began < answerMs + endLimitMs };
}
