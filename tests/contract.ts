import { describe, expect, test } from "bun:test";
import {
  Client as ModernClient,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { version } from "../src/core/version.ts";
import { connectHttp, connectSse, connectStdio } from "./clients.ts";
import { runListening, runToEnd } from "./program.ts";

/** How long it may take to start from source on a busy machine, in milliseconds. */
const startLimitMs = 4_000;
/** How long a server may take to end after its stdin, in milliseconds. */
const endLimitMs = 1_000;

/** What every server promises, whatever its tools do; `command` runs it from source or as a binary. */
export function testServerContract(command: readonly string[]): void {
  describe("keeps the contract of every server", () => {
    test("describes every tool, argument and effect", async () => {
      await using stdio = await connectStdio(command);
      const { tools } = await stdio.client.listTools();
      const gaps = tools.flatMap((tool) => findGaps(tool));
      expect({ count: tools.length > 0, gaps }).toEqual({ count: true, gaps: [] });
    });

    test("lists the same tools over stdio, Streamable HTTP, SSE and to clients of 2026-07-28", async () => {
      await using program = await runListening([...command, "--transport", "http", "--port", "0"]);
      await using stdio = await connectStdio(command);
      await using http = await connectHttp(`${program.url}/mcp`);
      await using sse = await connectSse(`${program.url}/sse`);
      const modern = new ModernClient(
        { name: "test", version: "1.0.0" },
        { versionNegotiation: { mode: "auto" } },
      );
      await modern.connect(new StreamableHTTPClientTransport(new URL(`${program.url}/mcp`)));
      const { tools } = await stdio.client.listTools();
      expect((await http.client.listTools()).tools).toEqual(tools);
      expect((await sse.client.listTools()).tools).toEqual(tools);
      expect((await modern.listTools()).tools as unknown).toEqual(tools);
      await modern.close();
    });

    test("refuses a port that another process listens on", async () => {
      await using program = await runListening([...command, "--transport", "http", "--port", "0"]);
      const { port } = new URL(program.url);
      const second = await runToEnd([...command, "--transport", "http", "--port", port]);
      expect({ code: second.code, stderr: second.stderr }).toEqual({
        code: 2,
        stderr: `Cannot listen on 127.0.0.1:${port}: EADDRINUSE\nhint: Choose another --port or --host, or stop what listens there.\n`,
      });
    });

    test("answers unknown tools and arguments so that a model can correct itself", async () => {
      await using stdio = await connectStdio(command);
      const [tool] = (await stdio.client.listTools()).tools;
      const unknownTool = await stdio.client.callTool({ name: "no_such_tool", arguments: {} });
      expect(refusals("Unknown tool: no_such_tool")).toContainEqual(unknownTool);
      const args = { no_such_argument: 1 };
      const unknown = await stdio.client.callTool({ name: tool?.name ?? "", arguments: args });
      expect(unknown.isError).toBe(true);
      expect(JSON.stringify(unknown.content)).toContain("Unknown argument: no_such_argument");
    });

    test("lists no prompts and resources, and answers ping", async () => {
      const methods = ["ping", "prompts/list", "resources/list", "resources/templates/list"];
      const lines = methods.map((method, id) => JSON.stringify({ jsonrpc: "2.0", id, method }));
      const { stdout } = await runToEnd(command, `${lines.join("\n")}\n`);
      const answers = stdout
        .trim()
        .split("\n")
        .map((line): { id: number; result: unknown } => JSON.parse(line))
        .sort((one, other) => one.id - other.id);
      expect(answers.map(({ result }) => result)).toEqual([
        {},
        { prompts: [] },
        { resources: [] },
        { resourceTemplates: [] },
      ]);
    });

    test("ends with 0 within a second of its stdin, having written only JSON-RPC", async () => {
      const initialize = {
        jsonrpc: "2.0",
        id: 1,
        method: "initialize",
        params: {
          protocolVersion: "2025-11-25",
          capabilities: {},
          clientInfo: { name: "t", version: "1" },
        },
      };
      const began = performance.now();
      const { code, stdout } = await runToEnd(command, `${JSON.stringify(initialize)}\n`);
      const isInTime = performance.now() - began < startLimitMs + endLimitMs;
      const lines = stdout.trim().split("\n");
      const rpc = lines.map((line): unknown => JSON.parse(line).jsonrpc);
      expect({ code, rpc, isInTime }).toEqual({ code: 0, rpc: ["2.0"], isInTime: true });
    });

    test("tells its version, its options and its manifest without starting", async () => {
      const [program = "", ...rest] = command;
      const options = rest.filter((argument) => argument.endsWith(".ts"));
      const manifest = await runToEnd([program, ...options, "--manifest"]);
      const help = await runToEnd([program, ...options, "--help"]);
      const told = await runToEnd([program, ...options, "--version"]);
      await using stdio = await connectStdio(command);
      const { tools } = await stdio.client.listTools();
      expect(JSON.parse(manifest.stdout)).toMatchObject({ version, tools });
      expect(told.stdout).toEndWith(` ${version}\n`);
      expect(help.stdout).toContain("--transport <value>");
    });
  });
}

/** A refusal in both forms that a server may have. */
function refusals(text: string): unknown[] {
  const rest = { error: "Invalid argument", detail: text, status_code: null };
  const flagged = { success: false, error: text };
  return [
    { content: [{ type: "text", text }], structuredContent: rest, isError: true },
    {
      content: [{ type: "text", text: JSON.stringify(flagged) }],
      structuredContent: flagged,
      isError: true,
    },
  ];
}

interface Listed {
  name: string;
  title?: string | undefined;
  description?: string | undefined;
  inputSchema: { properties?: object | undefined };
  annotations?: object | undefined;
}

function findGaps(tool: Listed): string[] {
  const gaps: string[] = [];
  if (!/^[a-z]+(_[a-z]+)+$/.test(tool.name)) gaps.push(`${tool.name}: not verb_noun`);
  if (!tool.title) gaps.push(`${tool.name}: no title`);
  if ((tool.description ?? "").length < 40) gaps.push(`${tool.name}: too short a description`);
  const hints = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"];
  for (const hint of hints) {
    if (!(hint in (tool.annotations ?? {}))) gaps.push(`${tool.name}: no ${hint}`);
  }
  for (const [name, schema] of Object.entries(tool.inputSchema.properties ?? {})) {
    if (!Object(schema).description) gaps.push(`${tool.name}.${name}: no description`);
  }
  return gaps;
}
