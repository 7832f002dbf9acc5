/**
 * `bun run interop [--only <version>] [--check]`: our built servers inside real Llama Stack and OGX servers. Prints the
 * matrix; a run over every version writes it into docs/llama-stack.md, or with --check fails when it is not what is there.
 */
import { type Case, connectorOf, responsesCases } from "./interop/cases.ts";
import { findPython, installTarget } from "./interop/install.ts";
import { writeMatrix } from "./interop/matrix.ts";
import { startModel } from "./interop/model.ts";
import { oldCases } from "./interop/oldCases.ts";
import { type Outcome, outcomeOf } from "./interop/outcome.ts";
import { registerCase } from "./interop/registerCase.ts";
import { startTarget } from "./interop/server.ts";
import { type Target, targets } from "./interop/targets.ts";
import { openWorld, type Way, type World } from "./interop/world.ts";

const argv = process.argv.slice(2);
const only = argv.includes("--only") ? argv[argv.indexOf("--only") + 1] : undefined;
const chosen = targets.filter(({ version }) => only === undefined || version === only);
const ways: readonly Way[] = ["directly", "through berth"];
const bothWays = [...responsesCases, ...oldCases];

const python = await findPython();
if (python === undefined || chosen.length === 0) {
  console.error(
    python === undefined
      ? "Cannot run the interoperability suite: no Python 3.12 or 3.13 is there"
      : `Cannot run the interoperability suite: ${only} is none of ${targets.map(({ version }) => version).join(", ")}`,
  );
  process.exit(1);
}
const began = performance.now();
const outcomes: Outcome[] = [];
const world = await openWorld();
const model = startModel();
try {
  for (const target of chosen) await runTarget(target, python, world);
} finally {
  await model.stop();
  await world.stop();
}
const isStale = only === undefined && !writeMatrix(outcomes, { isCheck: argv.includes("--check") });
if (isStale) console.error("docs/llama-stack.md is not what this run found\nhint: bun run interop");
const count = (state: Outcome["state"]) => outcomes.filter((one) => one.state === state).length;
console.log(
  `\n${count("lacking")} cells are beyond their version; it took ${((performance.now() - began) / 1000).toFixed(0)} s`,
);
console.log(` ${count("works")} pass\n ${count("failed") + (isStale ? 1 : 0)} fail`);
process.exit(count("failed") === 0 && !isStale ? 0 : 1);

async function runTarget(target: Target, python: string, world: World): Promise<void> {
  console.log(`\n── ${target.name} (${target.shippedIn})`);
  const programs = await installTarget(target, python);
  const connectors = Object.fromEntries(
    ways.map((way) => [connectorOf(way), world.servers[way].customer]),
  );
  const stack = await startTarget(target, programs, { modelUrl: model.url, connectors });
  try {
    for (const way of ways) {
      const cases: Case[] = way === "directly" ? bothWays : [...bothWays, registerCase];
      for (const one of cases) {
        const context = { stack, world, way, model: "scripted/scripted" };
        const outcome = await outcomeOf(one, context);
        outcomes.push(outcome);
        console.log([outcome.state.padEnd(8), way.padEnd(14), one.name].join(" "));
        if (outcome.why !== undefined) console.log(`         ${outcome.why}`);
      }
    }
  } finally {
    await stack.stop();
  }
}
