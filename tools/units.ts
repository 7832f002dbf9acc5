import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";

const root: string = join(import.meta.dir, "..");

/** One executable of the product. */
export interface Unit {
  /** The binary's name. */
  name: string;
  kind: "server" | "service" | "runtime";
  /** The folder that holds it, from the repository's root. */
  folder: string;
  /** Its source entry, from the repository's root. */
  entry: string;
  /** The sources that it starts as workers, from the repository's root: every `*.worker.ts` of its folder. */
  workers: string[];
}

const runtime: Unit = {
  name: "berth",
  kind: "runtime",
  folder: "src/edge",
  entry: "src/edge/main.ts",
  workers: [],
};

/** Berth itself, and every MCP server and REST service, found by listing their folders: a new one is built by being there. */
export function listUnits(): Unit[] {
  return [
    runtime,
    ...unitsIn("mcp", "server", "server.ts", "mcp"),
    ...unitsIn("src/services", "service", "main.ts", "api"),
  ];
}

function unitsIn(folder: string, kind: Unit["kind"], file: string, suffix: string): Unit[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, folder, entry.name, file)))
    .map((entry) => entry.name)
    .sort()
    .map((name) => ({
      // A service with a page and no REST contract has its own name.
      name: name === "support-chat" ? name : `${name}-${suffix}`,
      kind,
      folder: `${folder}/${name}`,
      entry: `${folder}/${name}/${file}`,
      workers: workersIn(`${folder}/${name}`),
    }));
}

function workersIn(folder: string): string[] {
  return [...new Glob("**/*.worker.ts").scanSync(join(root, folder))]
    .sort()
    .map((file) => `${folder}/${file}`);
}
