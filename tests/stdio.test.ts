import { afterAll, describe, expect, test } from "bun:test";
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

function start() {
  return Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "ignore", env: {} });
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
