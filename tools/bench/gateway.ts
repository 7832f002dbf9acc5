import { checkCrossing } from "./crossed.ts";
import {
  type Contender,
  contenders,
  inProcess,
  ours,
  startContender,
} from "./gatewayContenders.ts";
import { gatewayVersions, readyGateways } from "./gatewayPeers.ts";
import { describeCircumstances, versionsOf } from "./machine.ts";
import { measure, type Row, type Target } from "./measure.ts";
import { type BenchOptions, isSelected } from "./options.ts";
import { readTree } from "./processTree.ts";
import { pinning } from "./program.ts";
import { findRow, type Goal, loadTable, printReport } from "./report.ts";
import { soak } from "./soak.ts";

/** The same echo server behind Berth, behind other gateways, and on HTTP of its own. */
export async function benchGateway(options: BenchOptions): Promise<void> {
  if (options.isSoak || options.isCrossed) return tryOne(options);
  await readyGateways();
  const targets: Target[] = [];
  try {
    for (const contender of contenders.filter(({ name }) => isSelected(options.only, name))) {
      targets.push(await startContender(contender));
    }
    const rows = await measure(targets, options);
    const versions = { ...gatewayVersions(), ...versionsOf(["@modelcontextprotocol/sdk"]) };
    const circumstances = describeCircumstances("gateway", pinning, versions);
    const report = { circumstances, rows, goals: judge(rows) };
    printReport(report, [loadTable(rows, ours)], options.isJson);
  } finally {
    await Promise.all(targets.map(({ program }) => program.stop()));
  }
}

/** What has to hold of Berth alone, or of the contender that `--only` names. */
async function tryOne(options: BenchOptions): Promise<void> {
  const [name = ours] = options.only;
  const contender = contenders.find((one) => one.name === name);
  if (contender === undefined) throw new Error(`Cannot try "${name}": no such contender`);
  await readyGateways();
  const target = await startContender(contender);
  try {
    if (options.isCrossed) await checkCrossing(target, options);
    if (!options.isSoak) return;
    const memoryMiB = () => memoryOf(target.program.pid);
    await soak({ bench: "gateway", request: target.request, memoryMiB }, options);
  } finally {
    await target.program.stop();
  }
}

function memoryOf(pid: number): Record<string, number> {
  const [gateway, ...others] = readTree(pid);
  const child = others.find(({ name }) => name === "echo");
  return { gateway: gateway?.memoryMiB ?? Number.NaN, child: child?.memoryMiB ?? Number.NaN };
}

function judge(rows: readonly Row[]): Goal[] {
  const own = findRow(rows, { name: ours, connections: 20 });
  const front = findRow(rows, { name: inProcess, connections: 20 });
  const goals: Goal[] = [];
  const add = (goal: string, measured: string, isMet: boolean) =>
    goals.push({ goal, measured, isMet });
  if (own !== undefined) {
    for (const kind of ["gateway", "sdk"] as const) {
      const best = bestOf(kind, rows);
      if (best === undefined) continue;
      const ratio = own.requestsPerSecond / best.requestsPerSecond;
      const what = kind === "gateway" ? "other gateways" : "SDK's own HTTP";
      add(`over 8x the best of the ${what}`, `${ratio.toFixed(2)}x (${best.name})`, ratio > 8);
    }
    if (front !== undefined) {
      const share = own.requestsPerSecond / front.requestsPerSecond;
      add("over 50 % of the same front in-process", `${(100 * share).toFixed(0)} %`, share > 0.5);
    }
  }
  const hopMs =
    (findRow(rows, { name: ours, connections: 1 })?.p50Ms ?? Number.NaN) -
    (findRow(rows, { name: inProcess, connections: 1 })?.p50Ms ?? Number.NaN);
  if (!Number.isNaN(hopMs))
    add("p50 of the hop below 0.5 ms at 1 connection", `${hopMs.toFixed(2)} ms`, hopMs < 0.5);
  const errors = rows.reduce((sum, row) => sum + row.errors, 0);
  add("no wrong answer", `${errors}`, errors === 0);
  return goals;
}

function bestOf(kind: Contender["kind"], rows: readonly Row[]): Row | undefined {
  const names = new Set(contenders.filter((one) => one.kind === kind).map(({ name }) => name));
  return rows
    .filter(({ name, connections }) => connections === 20 && names.has(name))
    .sort((one, other) => other.requestsPerSecond - one.requestsPerSecond)[0];
}
