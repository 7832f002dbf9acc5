import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openFolder, writeFiles } from "../berth.ts";
import { connectStdio } from "../clients.ts";
import { fixture } from "./gateway.ts";
import { berthProgram } from "./served.ts";

const one = {
  command: process.execPath,
  args: [fixture],
  permissions: { read: true },
};
const mode = "best-effort";

function berthRun(folder: string): string[] {
  return [...berthProgram, "run", "--config", join(folder, "berth.json"), "one"];
}

const called = (target: string, outcome: string) => ({
  ...{ at: expect.any(String), server: "one", principal: "stdio", method: "tools/call" },
  ...{ target, outcome, durationMs: expect.any(Number) },
  ...{ requestBytes: expect.any(Number), responseBytes: expect.any(Number) },
});

test.each([
  ["names", { allow: ["echo", "crash"], exclude: ["cra*"] }, ["echo"]],
  ["what only reads", { readOnly: true }, ["echo", "pid", "version"]],
])("berth run shows, lets through and records as berth serve, by %s", async (_, tools, shown) => {
  using folder = openFolder();
  const config = { mode, audit: { file: "audit.jsonl" }, mcpServers: { one: { ...one, tools } } };
  writeFiles(folder.path, { "berth.json": config });
  const { client } = await connectStdio(berthRun(folder.path));
  // The filter holds for a client that has not asked for the list.
  const refused = client.callTool({ name: "crash" });
  await expect(refused).rejects.toThrow(
    'Unknown tool: "crash" is not one that you may call here; see tools/list',
  );
  const echoed = await client.callTool({ name: "echo", arguments: { text: "hi" } });
  const listed = await client.listTools();
  await client.close();
  expect<unknown>({ echoed, listed: listed.tools.map(({ name }) => name) }).toEqual({
    echoed: { content: [{ type: "text", text: "hi" }] },
    listed: shown,
  });
  const lines = readFileSync(join(folder.path, "audit.jsonl"), "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    called("crash", "refused"),
    called("echo", "ok"),
  ]);
});

test("berth run filters for clients of 2026-07-28 and in batches", async () => {
  using folder = openFolder();
  const config = { mode, mcpServers: { one: { ...one, tools: { allow: ["echo"] } } } };
  writeFiles(folder.path, { "berth.json": config });
  const child = Bun.spawn(berthRun(folder.path), { stdio: ["pipe", "pipe", "pipe"] });
  const params = { name: "crash", arguments: {} };
  const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const modern = { ...call, id: 2, params: { ...params, _meta } };
  child.stdin.write(`${JSON.stringify([call])}\n${JSON.stringify(modern)}\n`);
  await child.stdin.end();
  const lines = (await new Response(child.stdout).text()).trim().split("\n");
  const message = 'Unknown tool: "crash" is not one that you may call here; see tools/list';
  const refused = (id: number) => ({ jsonrpc: "2.0", id, error: { code: -32602, message } });
  expect(lines.map((line) => JSON.parse(line))).toEqual([[refused(1)], refused(2)]);
  expect(await child.exited).toBe(0);
});

test("berth run does not start where it cannot record", async () => {
  using folder = openFolder();
  const config = { mode, audit: { file: "nowhere/audit.jsonl" }, mcpServers: { one } };
  writeFiles(folder.path, { "berth.json": config });
  const child = Bun.spawn(berthRun(folder.path), { stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  const file = join(folder.path, "nowhere/audit.jsonl");
  expect({ code: await child.exited, out, err }).toEqual({
    code: 2,
    out: "",
    err: `Cannot open the audit log "${file}": ENOENT: no such file or directory, open '${file}'
hint: Set audit.file in berth.json to a path that Berth may write.
`,
  });
});
