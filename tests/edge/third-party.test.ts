import { expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Client as ModernClient,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { connectHttp, connectSse } from "../clients.ts";
import { startGateway } from "./gateway.ts";

const packages = join(import.meta.dir, "..", "..", "node_modules", "@modelcontextprotocol");
const folder = mkdtempSync(join(tmpdir(), "berth-test-"));
writeFileSync(join(folder, "note.txt"), "hello from a file");

/** Unmodified servers of other people, what each is started with, and a call that shows its work. */
const servers = {
  everything: {
    args: ["server-everything/dist/index.js", "stdio"],
    tool: "echo",
    input: { message: "hi" },
    says: "Echo: hi",
  },
  filesystem: {
    args: ["server-filesystem/dist/index.js", folder],
    tool: "read_text_file",
    input: { path: join(folder, "note.txt") },
    says: "hello from a file",
  },
  memory: {
    args: ["server-memory/dist/index.js"],
    tool: "read_graph",
    input: {},
    says: "entities",
  },
  thinking: {
    args: ["server-sequential-thinking/dist/index.js"],
    tool: "sequentialthinking",
    input: { thought: "first", nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 },
    says: "thoughtNumber",
  },
} as const;

for (const [name, { args, tool, input, says }] of Object.entries(servers)) {
  test(`server-${name} works unmodified over Streamable HTTP, SSE and in the stateless era`, async () => {
    const [script, ...rest] = args;
    const argv = [process.execPath, join(packages, script), ...rest];
    const env = { MEMORY_FILE_PATH: join(folder, "memory.json") };
    await using berth = startGateway({ [name]: { argv, env } });
    const call = { name: tool, arguments: { ...input } };
    for (const connect of [connectHttp, connectSse]) {
      const path = connect === connectHttp ? "mcp" : "sse";
      await using test = await connect(`${berth.url}/${name}/${path}`);
      const { tools } = await test.client.listTools();
      expect(tools.map((one) => one.name)).toContain(tool);
      expect(JSON.stringify(await test.client.callTool(call))).toContain(says);
    }
    const modern = new ModernClient(
      { name: "test", version: "1.0.0" },
      { versionNegotiation: { mode: { pin: "2026-07-28" } } },
    );
    await modern.connect(new StreamableHTTPClientTransport(new URL(`${berth.url}/${name}/mcp`)));
    expect((await modern.listTools()).tools.map((one) => one.name)).toContain(tool);
    expect(JSON.stringify(await modern.callTool(call))).toContain(says);
    await modern.close();
  }, 20_000);
}
