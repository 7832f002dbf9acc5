import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { openFolder, writeFiles } from "../berth.ts";
import { callTool } from "./calls.ts";
import { type Served, startServe } from "./served.ts";

const ada = { name: "Ada", entityType: "person", observations: ["Lovelace"] };
/** Bun looks for modules in the folders above them: the project is what it must read. */
const project = dirname(realpathSync(join(import.meta.dir, "..", "..", "node_modules")));

describe.skipIf(process.platform !== "linux")("unmodified npm servers in their jails", () => {
  const folder = openFolder();
  const path = (name: string): string => join(folder.path, name);
  let served: Served;
  beforeAll(async () => {
    mkdirSync(path("memory"));
    writeFiles(folder.path, { "open/note.txt": "hello from a file", "closed/note.txt": "secret" });
    const server = (name: string, args: string[], permissions: object, env = {}) => ({
      command: process.execPath,
      args: [`node_modules/@modelcontextprotocol/server-${name}/dist/index.js`, ...args],
      cwd: project,
      env,
      permissions,
    });
    const memoryFile = { MEMORY_FILE_PATH: path("memory/graph.jsonl") };
    const memory = [path("memory")];
    served = await startServe(folder.path, {
      mode: "enforce",
      mcpServers: {
        everything: server("everything", ["stdio"], { read: [project] }),
        filesystem: server("filesystem", [path("open"), path("closed")], {
          read: [project, path("open")],
        }),
        memory: server("memory", [], { read: [project, ...memory], write: memory }, memoryFile),
        thinking: server("sequential-thinking", [], { read: [project] }),
      },
    });
  });
  afterAll(async () => {
    await served[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  test.each([
    ["everything", "echo", { message: "hi" }, "Echo: hi"],
    ["filesystem", "read_text_file", { path: path("open/note.txt") }, "hello from a file"],
    ["memory", "create_entities", { entities: [ada] }, "Lovelace"],
    [
      "thinking",
      "sequentialthinking",
      { thought: "first", nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 },
      "thoughtNumber",
    ],
  ])("server-%s does its work with what it is granted", async (name, tool, args, says) => {
    const answer = await callTool(`${served.url}/${name}/mcp`, tool, args);
    expect({ status: answer.status, error: answer.error }).toEqual({
      status: 200,
      error: undefined,
    });
    expect(answer.text).toContain(says);
  });

  test("and none of them what it is not: a folder of its arguments that was not granted stays closed", async () => {
    const file = { path: path("closed/note.txt") };
    const answer = await callTool(`${served.url}/filesystem/mcp`, "read_text_file", file);
    expect([answer.isError, answer.text?.includes("secret")]).toEqual([true, false]);
  });
});
