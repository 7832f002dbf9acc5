/** `bun run check [--quick]`: the gate and all tests; the only thing that CI calls. */
import { join } from "node:path";
import { findPython } from "./interop/install.ts";
import { runSteps, type Step } from "./steps.ts";

const root = join(import.meta.dir, "..");
const isQuick = process.argv.includes("--quick");
const bin = (name: string) => [process.execPath, "--bun", join(root, "node_modules", ".bin", name)];
const bun = (...args: string[]) => [process.execPath, ...args];

const gate: Step[] = [
  {
    name: "format and lint",
    command: [join(root, "node_modules/.bin/biome"), "check", "--error-on-warnings"],
  },
  { name: "types", command: bin("tsc").concat("-p", "tsconfig.json") },
  { name: "types of exports", command: bin("tsc").concat("-p", "tsconfig.src.json", "--noEmit") },
  { name: "layers", command: bun("tools/layers.ts") },
  { name: "unused code", command: bin("knip").concat("--no-progress") },
  { name: "generated docs", command: bun("tools/docs.ts", "--check") },
];
const onPrivate = { TEST_DATABASE_URL: undefined };
const quickTests: Step[] = [
  {
    name: "unit tests",
    command: bun("test", "src/core", "src/wire", "src/kit", "mcp"),
    env: onPrivate,
  },
];
const allTests: Step[] = [
  {
    name: "tests, private PostgreSQL 18",
    command: bun("test", "src", "mcp", "db", "tools"),
    env: onPrivate,
  },
  { name: "build", command: bun("tools/build.ts") },
  { name: "bundles", command: bun("tools/pack.ts") },
  { name: "demo", command: bun("tools/demo.ts") },
  // The model of rules loses something where its rules are too simple; less than that is a change for the worse.
  { name: "evaluation", command: bun("tools/eval.ts", "--least", "0.99") },
  { name: "tests of the built binaries", command: bun("test", "tests"), env: onPrivate },
  { name: "conformance 0.1.16", command: bun("tools/conformance.ts", "--suite", "0.1.16") },
  { name: "conformance 2026-07-28", command: bun("tools/conformance.ts", "--suite", "2026-07-28") },
];

const skippedNotes: string[] = [];
const slow = isQuick ? [] : [...otherPostgres(), ...(await interop())];
const steps = [...gate, ...(isQuick ? quickTests : allTests), ...slow];
const { failed } = await runSteps(steps, skippedNotes);
process.exit(failed === 0 ? 0 : 1);

/** The database tests again on another PostgreSQL, when the caller names one. */
function otherPostgres(): Step[] {
  const command = bun("test", "src/services", "db");
  const name = "tests, PostgreSQL of TEST_DATABASE_URL";
  if (process.env.TEST_DATABASE_URL) return [{ name, command }];
  skippedNotes.push(`skipped  ${name}: the variable is not set`);
  return [];
}

/** Our servers inside real Llama Stack servers, where there is a Python that runs those. */
async function interop(): Promise<Step[]> {
  const name = "interoperability with Llama Stack and OGX";
  if (await findPython()) return [{ name, command: bun("tools/interop.ts", "--check") }];
  skippedNotes.push(`skipped  ${name}: no Python 3.12 or 3.13 is there`);
  return [];
}
