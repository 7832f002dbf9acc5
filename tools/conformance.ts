import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serveFixture } from "../tests/conformance/serve.ts";

/** How long one run of a suite may take, in milliseconds; it takes a few seconds. */
const runLimitMs = 180_000;

const root = join(import.meta.dir, "..");
const released = Bun.fileURLToPath(
  import.meta.resolve("@modelcontextprotocol/conformance/dist/index.js"),
);
const next = Bun.fileURLToPath(import.meta.resolve("conformance-next/dist/index.js"));

/**
 * The official suites: the released one, and what each revision requires according to the coming
 * one.
 */
const suites: Record<string, readonly string[]> = {
  "0.1.16": [released, "server", "--suite", "all"],
  "2025-11-25": [next, "server", "--requirements", "2025-11-25"],
  "2026-07-28": [next, "server", "--requirements", "2026-07-28"],
};

const usage = `Runs the official MCP conformance suites against the fixture server behind our own front.

Usage: bun tools/conformance.ts [options]

Options:
  --suite <name>  ${Object.keys(suites).join(", ")}; all of them by default.
  --runs <n>      How often each suite runs (default: 1).

Examples:
  bun tools/conformance.ts --suite 0.1.16 --runs 10
  bun tools/conformance.ts --suite 2026-07-28`;

/** The checks of one scenario, counted. */
interface Scenario {
  name: string;
  passed: number;
  failed: number;
  warned: number;
}

const { values } = parseArgs({
  options: {
    suite: { type: "string", multiple: true, default: Object.keys(suites) },
    runs: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
process.exit(await main());

async function main(): Promise<number> {
  const runs = Number(values.runs);
  const unknown = values.suite.find((name) => !Object.hasOwn(suites, name));
  if (values.help || unknown !== undefined || !(runs >= 1)) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const { front, mux } = serveFixture();
  let problemCount = 0;
  for (const suite of values.suite) {
    for (let run = 1; run <= runs; run++) {
      problemCount += await judge(suite, `${run} of ${runs}`, `${front.url}/mcp`);
    }
  }
  await front.stop();
  await mux.close();
  return problemCount === 0 ? 0 : 1;
}

/** Runs a suite once, prints what it found and counts what nobody expected. */
async function judge(suite: string, run: string, url: string): Promise<number> {
  const startedAtMs = performance.now();
  const scenarios = await runSuite(suites[suite] ?? [], url);
  const expected = await readBaseline(suite);
  const problems = scenarios.flatMap(({ name, failed }) => {
    if (failed > 0 && !expected.includes(name)) return [`${name}: ${failed} checks failed`];
    if (failed === 0 && expected.includes(name))
      return [`${name}: passes, but baseline.yml says it fails`];
    return [];
  });
  if (scenarios.length === 0) problems.push("the suite has reported nothing");
  const sum = (key: "passed" | "failed" | "warned"): number =>
    scenarios.reduce((total, scenario) => total + scenario[key], 0);
  const green = scenarios.filter(({ failed }) => failed === 0).length;
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  console.log(
    `${suite}, run ${run}: ${green} of ${scenarios.length} scenarios pass, ${expected.length} fail on purpose; ` +
      `${sum("passed")} checks passed, ${sum("failed")} failed, ${sum("warned")} warned; ${seconds} s`,
  );
  for (const problem of problems) console.log(`  unexpected: ${problem}`);
  return problems.length;
}

async function runSuite(command: readonly string[], url: string): Promise<Scenario[]> {
  const directory = await mkdtemp(join(tmpdir(), "berth-conformance-"));
  try {
    const child = Bun.spawn([process.execPath, ...command, "--url", url, "-o", directory], {
      cwd: directory,
      stdout: "ignore",
      stderr: "ignore",
      timeout: runLimitMs,
    });
    // Its exit code knows nothing of our baseline; the checks that it has written do.
    await child.exited;
    const entries = await readdir(directory, { recursive: true });
    return await Promise.all(
      entries
        .filter((path) => path.endsWith("checks.json"))
        .map((path) => readScenario(directory, path)),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function readScenario(directory: string, path: string): Promise<Scenario> {
  const name = /server-(.+)-\d{4}-\d\d-\d\dT[^/]*\/checks\.json$/.exec(path)?.[1] ?? path;
  const checks: { status: string }[] = JSON.parse(await readFile(join(directory, path), "utf8"));
  const count = (status: string): number =>
    checks.filter((check) => check.status === status).length;
  return { name, passed: count("SUCCESS"), failed: count("FAILURE"), warned: count("WARNING") };
}

async function readBaseline(suite: string): Promise<string[]> {
  const text = await readFile(join(root, "tests/conformance/baseline.yml"), "utf8");
  // The file is ours: a list of scenario names under each suite.
  const baseline = Bun.YAML.parse(text) as Record<string, string[]>;
  return baseline[suite] ?? [];
}
