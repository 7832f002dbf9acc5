import { afterAll, expect, test } from "bun:test";
import fc from "fast-check";
import { messagesOf, post, postHeaders } from "../../tests/wire/http.ts";
import { huge, type Malformed, malformed } from "../../tests/wire/malformed.ts";
import { ScriptedServer } from "../../tests/wire/scripted.ts";
import { createMux } from "./mux.ts";
import { serveFront } from "./serve.ts";
import { serveStdio } from "./stdio.ts";

const runs = { numRuns: 200 };
const mux = createMux(new ScriptedServer());
const front = serveFront({ mux, port: 0 });
afterAll(() => front.stop());

const isError = (answer: unknown): void => {
  const sound = expect.objectContaining({
    code: expect.any(Number),
    message: expect.stringMatching(/^Cannot read|^Invalid/),
  });
  expect(answer).toEqual(expect.objectContaining({ jsonrpc: "2.0", error: sound }));
};

test("HTTP answers 200 malformed messages with a clear error and stays alive", async () => {
  const check = async ({ bytes }: Malformed): Promise<void> => {
    const response = await fetch(`${front.url}/mcp`, {
      method: "POST",
      headers: postHeaders,
      body: bytes as BodyInit,
    });
    // A batch whose entries are refused one by one is answered as a batch; anything else is refused
    // as a whole.
    const answers = await messagesOf(response);
    if (response.status !== 200) expect([400, 413]).toContain(response.status);
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) isError(answer);
  };
  await fc.assert(fc.asyncProperty(malformed, check), runs);
  await check(huge);
  const alive = await post(`${front.url}/mcp`, { id: 1, method: "ping" });
  expect(await messagesOf(alive)).toEqual([{ jsonrpc: "2.0", id: 1, result: {} }]);
  expect(mux.calls.count).toBe(0);
}, 30_000);

test("stdio answers 200 malformed messages with a clear error and stays alive", async () => {
  const lines: string[] = [];
  let send: (bytes: Uint8Array) => void = () => undefined;
  let close = (): void => undefined;
  const input = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (bytes) => controller.enqueue(bytes);
      close = () => controller.close();
    },
  });
  const server = serveStdio({ mux, input, output: (line) => lines.push(line) });
  const newline = new Uint8Array([0x0a]);
  const answerTo = async (bytes: Uint8Array): Promise<unknown> => {
    lines.length = 0;
    send(bytes);
    send(newline);
    for (let wait = 0; lines.length === 0 && wait < 500; wait++) await Bun.sleep(0);
    return JSON.parse(lines[0] ?? "null");
  };
  const check = async ({ bytes }: Malformed): Promise<void> => {
    const answer = await answerTo(bytes);
    for (const one of Array.isArray(answer) ? answer : [answer]) isError(one);
  };
  await fc.assert(fc.asyncProperty(malformed, check), runs);
  await check(huge);
  const ping = new TextEncoder().encode('{"jsonrpc":"2.0","id":"p","method":"ping"}');
  expect(await answerTo(ping)).toEqual({ jsonrpc: "2.0", id: "p", result: {} });
  close();
  expect(await server.ended).toBe("stdin has ended");
}, 30_000);
