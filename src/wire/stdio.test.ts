import { expect, test } from "bun:test";
import { ScriptedServer, textOf } from "../../tests/wire/scripted.ts";
import { lineLimitBytes } from "./frame.ts";
import type { Message } from "./message.ts";
import { createMux, type Mux } from "./mux.ts";
import { type StdioServer, serveStdio } from "./stdio.ts";

interface Pipe {
  server: ScriptedServer;
  mux: Mux;
  stdio: StdioServer;
  lines: string[];
  send(...messages: object[]): void;
  end(): void;
}

function open(drainLimitMs = 1000): Pipe {
  const server = new ScriptedServer();
  const mux = createMux(server);
  const lines: string[] = [];
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const input = new ReadableStream<Uint8Array>({
    start(one) {
      controller = one;
    },
  });
  const stdio = serveStdio({ mux, input, output: (line) => lines.push(line), drainLimitMs });
  return {
    server,
    mux,
    stdio,
    lines,
    send(...messages) {
      const text = messages.map((message) => `${JSON.stringify(message)}\n`).join("");
      controller?.enqueue(new TextEncoder().encode(text));
    },
    end: () => controller?.close(),
  };
}

const call = (id: unknown, name: string, args: object = {}): object => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: args },
});
const parsed = (lines: string[]): Message[] => lines.map((line) => JSON.parse(line));

test("calls in flight are answered after stdin has ended, one line each", async () => {
  const { stdio, lines, send, end, mux } = open();
  send(call(1, "echo", { text: "a\nb", ms: 20 }), call("x", "echo", { text: "c" }));
  end();
  expect(await stdio.ended).toBe("stdin has ended");
  expect(parsed(lines)).toEqual([
    { jsonrpc: "2.0", id: "x", result: textOf("c") },
    { jsonrpc: "2.0", id: 1, result: textOf("a\nb") },
  ]);
  expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
  expect([mux.clients.size, mux.calls.count]).toEqual([0, 0]);
});

test("a call that does not end is cut off at the bound, and its caller is told", async () => {
  const { server, stdio, lines, send, end, mux } = open(30);
  send(call(1, "hold"));
  end();
  await stdio.ended;
  expect<unknown>(parsed(lines)).toEqual([
    {
      jsonrpc: "2.0",
      id: 1,
      error: { code: -32000, message: 'Cannot finish tools/call "hold": the server is stopping' },
    },
  ]);
  expect(mux.calls.count).toBe(0);
  expect(server.methods).toEqual(["tools/call", "notifications/cancelled"]);
});

test("a request over the bound is refused under its id, an answer under none, and the next is read", async () => {
  const { server, stdio, lines, send, end } = open();
  const text = "x".repeat(lineLimitBytes);
  const { id, ...rest } = { ...call(1, "echo", { text }), id: 1 };
  send(
    call("first", "echo", { text }),
    { ...rest, id },
    { jsonrpc: "2.0", id: 2, result: { text } },
  );
  send(call(3, "echo", { text: "a" }));
  end();
  await stdio.ended;
  const refused = (to: unknown, code: number) => ({
    jsonrpc: "2.0",
    id: to,
    error: { code, message: "Cannot read the message: it is longer than 10485760 bytes" },
  });
  expect<unknown>(parsed(lines)).toEqual([
    refused("first", -32600),
    refused(1, -32600),
    refused(null, -32700),
    { jsonrpc: "2.0", id: 3, result: textOf("a") },
  ]);
  expect(server.methods).toEqual(["tools/call"]);
});

test("stop answers the calls in flight, then ends", async () => {
  const { stdio, lines, send } = open();
  send(call(1, "echo", { text: "late", ms: 20 }));
  await Bun.sleep(1);
  await stdio.stop();
  expect(await stdio.ended).toBe("it was stopped");
  expect(parsed(lines)).toHaveLength(1);
});

test("a batch is answered as one line to clients of 2025-03-26, and refused to later ones", async () => {
  const { stdio, lines, send, end } = open();
  const initialize = (protocolVersion: string): object => ({
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: { protocolVersion },
  });
  const batch = [
    call(1, "echo", { text: "a" }),
    { jsonrpc: "2.0", id: 2 },
    { jsonrpc: "2.0", id: 3, method: "ping" },
  ];
  send(initialize("2025-03-26"), batch);
  await Bun.sleep(10);
  send(initialize("2025-06-18"), batch);
  end();
  await stdio.ended;
  const [, first, , second] = parsed(lines);
  expect(first as unknown).toEqual([
    expect.objectContaining({ id: 2, error: expect.anything() }),
    { jsonrpc: "2.0", id: 3, result: {} },
    { jsonrpc: "2.0", id: 1, result: textOf("a") },
  ]);
  expect(second).toMatchObject({
    id: null,
    error: { message: expect.stringContaining("it is a batch") },
  });
});

test("a modern call is cancelled by its id, and its line never comes", async () => {
  const { server, stdio, lines, send, end } = open();
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  send({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "hold", _meta } });
  send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });
  await Bun.sleep(5);
  expect(server.methods).toEqual(["tools/call", "notifications/cancelled"]);
  end();
  await stdio.ended;
  expect(lines).toEqual([]);
});

test("an error that the client answers to a question reaches the server, not the client", async () => {
  const { stdio, lines, send, end, server } = open();
  send({
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: { elicitation: {} } },
  });
  send(call(1, "ask", { text: "?" }));
  await Bun.sleep(5);
  send({ jsonrpc: "2.0", id: 1, error: { code: -32600, message: "no" } });
  await Bun.sleep(5);
  end();
  await stdio.ended;
  expect(server.received).toContainEqual({
    jsonrpc: "2.0",
    id: 1,
    error: { code: -32600, message: "no" },
  });
  expect(parsed(lines).at(-1)).toMatchObject({ id: 1, result: { isError: true } });
});

test("the process ends when stdin ends, and writes nothing but JSON-RPC", async () => {
  const fixture = `${import.meta.dir}/../../tests/conformance/stdio.ts`;
  const child = Bun.spawn([process.execPath, fixture], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  child.stdin.write(`${JSON.stringify(call(1, "test_simple_text"))}\n`);
  await child.stdin.end();
  const [code, stdout, stderr] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toMatchObject({ id: 1, result: { content: expect.any(Array) } });
});
