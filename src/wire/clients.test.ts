import { afterAll, describe, expect, test } from "bun:test";
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
  type Transport as TransportV2,
} from "@modelcontextprotocol/client";
import { StdioClientTransport as StdioV2 } from "@modelcontextprotocol/client/stdio";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport as StdioV1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as HttpV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { serveFixture } from "../../tests/conformance/serve.ts";

// The official clients, both generations, on every way in. They check each message against the
// protocol's schemas.

const { front, mux } = serveFixture();
const fixture = `${import.meta.dir}/../../tests/conformance/stdio.ts`;
const command = { command: process.execPath, args: [fixture] };
afterAll(async () => {
  await front.stop();
  await mux.close();
});

const info = { name: "test", version: "1.0.0" };
const capabilities = { sampling: {}, elicitation: {}, roots: {} };
const sampled = {
  role: "assistant" as const,
  content: { type: "text" as const, text: "Bonjour" },
  model: "m",
};
const accepted = { action: "accept" as const, content: { name: "Ada" } };
const rooted = { roots: [{ uri: "file:///home", name: "home" }] };

interface Session {
  call(name: string, args?: object): Promise<unknown>;
  callWithProgress(
    name: string,
    onprogress: (progress: { progress: number }) => void,
  ): Promise<unknown>;
  list(): Promise<{ tools: { name: string }[] }>;
  read(uri: string): Promise<unknown>;
  prompt(name: string): Promise<unknown>;
  close(): Promise<void>;
  version: string | undefined;
}

async function openV1(transport: HttpV1 | StdioV1 | SSEClientTransport): Promise<Session> {
  const client = new ClientV1(info, { capabilities });
  client.setRequestHandler(CreateMessageRequestSchema, () => sampled);
  client.setRequestHandler(ElicitRequestSchema, () => accepted);
  client.setRequestHandler(ListRootsRequestSchema, () => rooted);
  // The class and the interface disagree about exactOptionalPropertyTypes only.
  await client.connect(transport as Parameters<ClientV1["connect"]>[0]);
  return {
    call: (name, args = {}) => client.callTool({ name, arguments: { ...args } }),
    callWithProgress: (name, onprogress) =>
      client.callTool({ name, arguments: {} }, undefined, { onprogress }),
    list: () => client.listTools(),
    read: (uri) => client.readResource({ uri }),
    prompt: (name) => client.getPrompt({ name }),
    close: () => client.close(),
    version: undefined,
  };
}

type Mode = "auto" | "legacy" | { pin: string };

async function openV2(transport: TransportV2, mode: Mode): Promise<Session> {
  const client = new ClientV2(info, { capabilities, versionNegotiation: { mode } });
  client.setRequestHandler("sampling/createMessage", () => sampled);
  client.setRequestHandler("elicitation/create", () => accepted);
  client.setRequestHandler("roots/list", () => rooted);
  await client.connect(transport);
  return {
    call: (name, args = {}) => client.callTool({ name, arguments: { ...args } }),
    callWithProgress: (name, onprogress) =>
      client.callTool({ name, arguments: {} }, { onprogress }),
    list: () => client.listTools(),
    read: (uri) => client.readResource({ uri }),
    prompt: (name) => client.getPrompt({ name }),
    close: () => client.close(),
    version: client.getNegotiatedProtocolVersion(),
  };
}

const url = new URL(`${front.url}/mcp`);
const ways: [string, () => Promise<Session>, string | undefined][] = [
  ["v1 over Streamable HTTP", () => openV1(new HttpV1(url)), undefined],
  [
    "v1 over HTTP+SSE",
    () => openV1(new SSEClientTransport(new URL(`${front.url}/sse`))),
    undefined,
  ],
  ["v1 over HTTP+SSE on the other path", () => openV1(new SSEClientTransport(url)), undefined],
  [
    "v1 over Streamable HTTP on the other path",
    () => openV1(new HttpV1(new URL(`${front.url}/sse`))),
    undefined,
  ],
  ["v1 over stdio", () => openV1(new StdioV1(command)), undefined],
  ["v2 auto over HTTP", () => openV2(new HttpV2(url), "auto"), "2026-07-28"],
  ["v2 legacy over HTTP", () => openV2(new HttpV2(url), "legacy"), "2025-11-25"],
  ["v2 pinned over HTTP", () => openV2(new HttpV2(url), { pin: "2026-07-28" }), "2026-07-28"],
  ["v2 auto over stdio", () => openV2(new StdioV2(command), "auto"), "2026-07-28"],
  ["v2 legacy over stdio", () => openV2(new StdioV2(command), "legacy"), "2025-11-25"],
  ["v2 pinned over stdio", () => openV2(new StdioV2(command), { pin: "2026-07-28" }), "2026-07-28"],
];

describe.each(ways)("%s", (_name, open, version) => {
  test("lists, calls, reads, prompts, reports progress, and answers what the server asks", async () => {
    const session = await open();
    expect(session.version).toBe(version);
    expect((await session.list()).tools.map(({ name }) => name)).toContain("test_simple_text");
    const textResult = (text: string): object => ({ content: [{ type: "text", text }] });
    expect(await session.call("test_simple_text")).toMatchObject(
      textResult("This is a simple text response for testing."),
    );
    expect(await session.read("test://static-text")).toMatchObject({
      contents: [{ uri: "test://static-text", text: "This is the content of Static text." }],
    });
    expect(await session.prompt("test_simple_prompt")).toMatchObject({
      messages: [{ role: "user" }],
    });
    const progress: number[] = [];
    await session.callWithProgress("test_tool_with_progress", (one) => progress.push(one.progress));
    expect(progress).toEqual([0, 50, 100]);
    expect(await session.call("test_sampling", { prompt: "Hello" })).toMatchObject(
      textResult("LLM response: Bonjour"),
    );
    expect(await session.call("test_input_required_result_elicitation")).toMatchObject(
      textResult('"Hello, Ada!"'),
    );
    const [, , roots] = JSON.parse(
      firstText(await session.call("test_input_required_result_multiple_inputs")),
    );
    expect(roots).toEqual(rooted);
    await session.close();
  });
});

function firstText(result: unknown): string {
  // The fixture answers with one text part.
  return (result as { content: [{ text: string }] }).content[0].text;
}

test("nothing is left when the clients have gone", async () => {
  const counts = async (): Promise<string> => (await fetch(`${front.url}/metrics`)).text();
  for (let wait = 0; wait < 20 && !(await counts()).includes('berth_open{kind="oldSse"} 0'); wait++)
    await Bun.sleep(20);
  expect(await counts()).toContain('berth_open{kind="oldSse"} 0');
  expect([mux.calls.count, mux.asks.count]).toEqual([0, 0]);
});
