/** `bun run check [--quick]`: the gate and all tests; the only thing that CI calls. */
import { join } from "node:path";
import { findPython } from "./interop/install.ts";
import { countTests, type TestCount } from "./testCount.ts";

const root = join(import.meta.dir, "..");
const isQuick = process.argv.includes("--quick");
const bin = (name: string) => [process.execPath, "--bun", join(root, "node_modules", ".bin", name)];
const bun = (...args: string[]) => [process.execPath, ...args];

interface Step {
  name: string;
  command: readonly string[];
  env?: Readonly<Record<string, string | undefined>>;
}

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

const total: TestCount = { passed: 0, failed: 0, skipped: 0 };
const notes: string[] = [];
const slow = isQuick ? [] : [...otherPostgres(), ...(await interop())];
for (const step of [...gate, ...(isQuick ? quickTests : allTests), ...slow]) {
  await runStep(step);
}
console.log(
  `\n${notes.join("\n")}\n\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`,
);
process.exit(total.failed === 0 ? 0 : 1);

/** The database tests again on another PostgreSQL, when the caller names one. */
function otherPostgres(): Step[] {
  const command = bun("test", "src/services", "db");
  const name = "tests, PostgreSQL of TEST_DATABASE_URL";
  if (process.env.TEST_DATABASE_URL) return [{ name, command }];
  notes.push(`skipped  ${name}: the variable is not set`);
  total.skipped++;
  return [];
}

/** Our servers inside real Llama Stack servers, where there is a Python that runs those. */
async function interop(): Promise<Step[]> {
  const name = "interoperability with Llama Stack and OGX";
  if (await findPython()) return [{ name, command: bun("tools/interop.ts", "--check") }];
  notes.push(`skipped  ${name}: no Python 3.12 or 3.13 is there`);
  total.skipped++;
  return [];
}

/** A gate step counts as one test; a test step counts as the tests that it reports. */
async function runStep(step: Step): Promise<void> {
  console.log(`\n── ${step.name}`);
  const began = performance.now();
  const child = Bun.spawn([...step.command], {
    cwd: root,
    env: { ...process.env, ...step.env },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    passOn(child.stdout),
    passOn(child.stderr),
    child.exited,
  ]);
  const count = countTests(out + err);
  const isFailed = code !== 0;
  total.passed += count?.passed ?? (isFailed ? 0 : 1);
  total.failed += Math.max(count?.failed ?? 0, isFailed ? 1 : 0);
  total.skipped += count?.skipped ?? 0;
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(6);
  notes.push(`${isFailed ? "FAILED " : "ok     "} ${seconds} s  ${step.name}`);
}

async function passOn(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    const part = decoder.decode(chunk, { stream: true });
    process.stdout.write(part);
    text += part;
  }
  return text;
}
