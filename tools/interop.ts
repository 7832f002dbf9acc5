/**
 * `bun run interop [options]`: our built servers inside real Llama Stack and OGX servers; tools/usage.ts has the options.
 * Prints the matrix; a run over every version and case writes it into docs/llama-stack.md.
 */
import { thinkByRules } from "./eval/model/ruleModel.ts";
import { agentCases } from "./interop/agentCases.ts";
import { buildServers } from "./interop/build.ts";
import { type Case, connectorOf, responsesCases, storyCase, tellStory } from "./interop/cases.ts";
import { chatCase } from "./interop/chatCase.ts";
import { findPython, installTarget } from "./interop/install.ts";
import { writeMatrix } from "./interop/matrix.ts";
import { startModel } from "./interop/model.ts";
import { oldCases } from "./interop/oldCases.ts";
import { type Outcome, outcomeOf } from "./interop/outcome.ts";
import { registerCase } from "./interop/registerCase.ts";
import { startTarget } from "./interop/server.ts";
import { type Target, targets } from "./interop/targets.ts";
import { openWorld, type Way, type World } from "./interop/world.ts";

/** The most runs that one command makes. */
const runLimitCount = 100;

const argv = process.argv.slice(2);
const only = optionOf("--only");
const runCount = Number(optionOf("--runs") ?? "1");
const caseWords = optionOf("--case");
const isStory = argv.includes("--story");
const isKeep = argv.includes("--keep");
const isCheck = argv.includes("--check");
const chosen = targets.filter(({ version }) => only === undefined || version === only);
const ways: readonly Way[] = ["directly", "through berth"];
const every = [...responsesCases, ...oldCases, ...agentCases, chatCase];
const bothWays = isStory ? [storyCase] : every.filter(isWanted);

const python = await findPython();
const refusal = findRefusal();
if (python === undefined || refusal !== undefined) {
  console.error(`Cannot run the interoperability suite: ${refusal}`);
  process.exit(1);
}
const began = performance.now();
const outcomes: Outcome[] = [];
// The gate has built what it checks.
await buildServers({ isForced: !isCheck });
const world = await openWorld();
const model = isKeep ? startModel(thinkByRules) : startModel();
try {
  for (let run = 1; run <= runCount; run++) {
    const before = count("failed");
    for (const target of chosen) await runTarget(target, python, world);
    if (runCount > 1) console.log(`\nrun ${run} of ${runCount}: ${count("failed") - before} fail`);
  }
} finally {
  await model.stop();
  await world.stop();
}
const isWhole = only === undefined && caseWords === undefined && !isStory;
const isStale = isWhole && !writeMatrix(outcomes, { isCheck });
if (isStale) console.error("docs/llama-stack.md is not what this run found\nhint: bun run interop");
console.log(
  `\n${count("lacking")} cells are beyond their version; it took ${((performance.now() - began) / 1000).toFixed(0)} s`,
);
console.log(` ${count("works")} pass\n ${count("failed") + (isStale ? 1 : 0)} fail`);
process.exit(count("failed") === 0 && !isStale ? 0 : 1);

/** Says where everything is, and waits for Ctrl-C. */
async function keepUp(stackUrl: string, { berth, berthConfig, servers }: World): Promise<void> {
  const { customer, finance } = servers["through berth"];
  console.log(`
export LLAMA_STACK_BASE_URL=${stackUrl} INFERENCE_MODEL=scripted/scripted
export CUSTOMER_MCP_SERVER_URL=${customer} FINANCE_MCP_SERVER_URL=${finance}
./dist/berth register --llama-stack ${stackUrl} --berth ${berth} --config ${berthConfig} customer-mcp finance-mcp

Everything is up; Ctrl-C ends it.`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

function count(state: Outcome["state"]): number {
  return outcomes.filter((one) => one.state === state).length;
}

function isWanted({ name }: Case): boolean {
  return caseWords === undefined || name.includes(caseWords);
}

function optionOf(name: string): string | undefined {
  return argv.includes(name) ? argv[argv.indexOf(name) + 1] : undefined;
}

/** Why the command cannot run; undefined when it can. */
function findRefusal(): string | undefined {
  if (python === undefined) return "no Python 3.12 or 3.13 is on the PATH or among those of pyenv";
  if (!Number.isInteger(runCount) || runCount < 1 || runCount > runLimitCount) {
    return `--runs is "${optionOf("--runs")}"; expected a whole number from 1 to ${runLimitCount}`;
  }
  if (isKeep && chosen.length !== 1) return "--keep needs --only";
  if (chosen.length > 0) return undefined;
  return `"${only}" is none of ${targets.map(({ version }) => version).join(", ")}`;
}

async function runTarget(target: Target, python: string, world: World): Promise<void> {
  console.log(`\n── ${target.name} (${target.shippedIn})`);
  const programs = await installTarget(target, python);
  const connectors = Object.fromEntries(
    ways.map((way) => [connectorOf(way), world.servers[way].customer]),
  );
  const stack = await startTarget(target, programs, { modelUrl: model.url, connectors });
  try {
    if (isKeep) return await keepUp(stack.url, world);
    for (const way of ways) {
      const isRegistering = way === "through berth" && !isStory && isWanted(registerCase);
      const cases: Case[] = isRegistering ? [...bothWays, registerCase] : bothWays;
      for (const one of cases) {
        const context = { stack, world, way, model: "scripted/scripted" };
        const outcome = await outcomeOf(one, context);
        outcomes.push(outcome);
        console.log([outcome.state.padEnd(8), way.padEnd(14), one.name].join(" "));
        if (isStory && outcome.state === "works") await tellStory(context);
        if (outcome.why !== undefined) console.log(`         ${outcome.why}`);
      }
    }
  } finally {
    await stack.stop();
  }
}
