import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openFolder, writeFiles } from "../berth.ts";
import { until } from "./gateway.ts";
import { startServe } from "./served.ts";

/** Reads and writes in some of what it is granted, and then does the least that a server does. */
const source = `
const { readFileSync, writeFileSync } = require("node:fs");
const refusals = { "notes/none.txt": "ENOENT", "/etc/passwd": "EACCES" };
for (const path of ["notes/a.txt", "notes/b.txt", "one.txt", ...Object.keys(refusals)]) {
  try { readFileSync(path) } catch (error) { if (error.code !== refusals[path]) throw error }
}
writeFileSync("out/c.txt", "c");
process.stdin.on("data", (chunk) => {
  const { id } = JSON.parse(String(chunk).split("\\n")[0]);
  const result = { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: { name: "x", version: "1" } };
  if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\\n");
});`;

test.skipIf(process.platform !== "linux").each([
  [
    "what a server has read and written of what it is granted",
    {},
    { areReadsTold: true, areWritesTold: true },
  ],
  [
    "that it does not look at reads",
    { tellReads: false },
    { areReadsTold: false, areWritesTold: true },
  ],
])("the console tells %s", async (_, config, told) => {
  using folder = openFolder();
  const files = {
    "notes/a.txt": "a",
    "notes/b.txt": "b",
    "one.txt": "1",
    "program/server.js": source,
  };
  writeFiles(folder.path, files);
  for (const name of ["out", "unused"]) mkdirSync(join(folder.path, name));
  const permissions = { read: ["program", "notes", "one.txt", "unused"], write: ["out"] };
  const one = { command: process.execPath, args: ["program/server.js"], permissions };
  await using served = await startServe(folder.path, { ...config, mcpServers: { one } });
  const read = async () => {
    const state = await (await fetch(`${served.url}/console/state`)).json();
    return state.servers[0].fileUses;
  };
  const at = (name: string) => join(folder.path, name);
  const reads = ["program", "notes", "one.txt"].map((name) => ({ used: "read", path: at(name) }));
  const expected = [...(told.areReadsTold ? reads : []), { used: "write", path: at("out") }];
  // Openings are judged when the program gives time for it, in no order that is promised.
  await until(async () => (await read()).uses.length >= expected.length);
  const { uses, ...rest } = await read();
  expect([rest, new Set(uses)]).toEqual([told, new Set(expected)]);
});
