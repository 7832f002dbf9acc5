import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runBerth } from "../src/edge/program.ts";

/** What a command line of `berth` answered. */
export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line in this process, as main.ts does with the process's own. */
export async function berth(
  argv: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<Answer> {
  let stdout = "";
  let stderr = "";
  const code = await runBerth(argv, {
    print: (text) => {
      stdout += `${text}\n`;
    },
    complain: (text) => {
      stderr += `${text}\n`;
    },
    env,
    cwd,
  });
  return { code, stdout, stderr };
}

/** A folder that is gone after the test. */
export function openFolder(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), "berth-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The smallest manifest that is one; `more` replaces and adds keys. */
export function manifestOf(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    manifest_version: "0.3",
    name: "echo",
    version: "1.2.3",
    description: "Says what it hears.",
    author: { name: "Ada" },
    server: {
      type: "node",
      entry_point: "server/index.js",
      mcp_config: { command: "node", args: ["${__dirname}/server/index.js"] },
    },
    ...more,
  };
}

/** Writes files below a folder; an object is written as JSON. */
export function writeFiles(folder: string, files: Readonly<Record<string, unknown>>): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    const isText = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(file, isText ? content : `${JSON.stringify(content)}\n`);
  }
  return folder;
}

/** The smallest bundle, as a folder. */
export function writeBundle(folder: string, more: Readonly<Record<string, unknown>> = {}): string {
  return writeFiles(folder, {
    "manifest.json": manifestOf(more),
    "server/index.js": "console.error('up');\n",
  });
}

/** Changes one bit of a file. */
export function flipByte(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}
