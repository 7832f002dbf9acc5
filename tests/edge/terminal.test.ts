import { expect, test } from "bun:test";
import { join } from "node:path";
import { openFolder, writeBundle, writeFiles } from "../berth.ts";
import { until } from "./gateway.ts";
import { berthProgram } from "./served.ts";

/** A server that says which of its files it can read, then answers `initialize` and waits. */
const server = `
const { readFileSync } = require("node:fs");
const can = (file) => { try { readFileSync(file); return "yes"; } catch (error) { return error.code; } };
console.error("READS " + process.argv.slice(2).map(can).join(" "));
process.stdin.on("data", (chunk) => {
  const { id } = JSON.parse(String(chunk).split("\\n")[0]);
  const result = { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: { name: "x", version: "1" } };
  if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\\n");
});
process.stdin.on("end", () => process.exit(0));`;

const prompt = "Allow? [y/n/A] (y = yes, n = no, A = all of this kind) > ";

/** Runs a bundle that asks for two files at a terminal where somebody types these answers: the questions, and what it reads. */
async function answer(...typed: string[]): Promise<unknown> {
  using folder = openFolder();
  const [one, two] = [join(folder.path, "one.txt"), join(folder.path, "two.txt")];
  writeFiles(folder.path, { "one.txt": "1", "two.txt": "2" });
  const args = ["server/index.js", one, two];
  const bundle = writeBundle(join(folder.path, "echo"), {
    server: {
      type: "node",
      entry_point: "server/index.js",
      mcp_config: { command: "node", args },
    },
    _meta: { "dev.berth": { permissions: { read: [one, two] } } },
  });
  writeFiles(bundle, { "server/index.js": server });
  let shown = "";
  const child = Bun.spawn([...berthProgram, "run", "./echo"], {
    cwd: folder.path,
    env: { PATH: process.env.PATH ?? "" },
    terminal: {
      cols: 500,
      data: (_, chunk) => {
        shown += new TextDecoder().decode(chunk);
      },
    },
  });
  let asked = 0;
  for (const line of typed) {
    asked++;
    await until(() => shown.split(prompt).length > asked);
    child.terminal?.write(line);
  }
  await until(() => shown.includes("READS"));
  // The terminal's end of input, as Ctrl-D types it.
  child.terminal?.write("\x04");
  const code = await child.exited;
  const questions = [...shown.matchAll(/asks for (.*)\. \(/g)].map(([, what = ""]) => what);
  const reads = /READS (.*?)\r?\n/.exec(shown)?.[1];
  return { code, questions: questions.map((what) => what.replaceAll(folder.path, "")), reads };
}

const questions = ['read access to "/one.txt"', 'read access to "/two.txt"'];

test.skipIf(process.platform !== "linux").each([
  ["y and n grant the one and not the other", ["y\n", "n\n"], questions, "yes EACCES"],
  ["an empty line is no", ["\n", "y\n"], questions, "EACCES yes"],
  ["A grants all of the kind and asks no more", ["A\n"], questions.slice(0, 1), "yes yes"],
  ["what is no answer is asked again", ["yes?\n", "y\n", "n\n"], questions, "yes EACCES"],
  ["the end of the input is no", ["\x04", "\x04"], questions, "EACCES EACCES"],
])("berth run asks on a terminal: %s", async (_, typed, asks, reads) => {
  expect(await answer(...typed)).toEqual({ code: 0, questions: asks, reads });
});
