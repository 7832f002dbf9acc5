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
  const best = {
    gateway: bestOf("gateway", rows),
    sdk: bestOf("sdk", rows),
    front: bestOf("in-process", rows),
  };
  const errors = rows.reduce((sum, row) => sum + row.errors, 0);
  return [
    ...compare({ goal: "over 8x the best of the other gateways", least: 8 }, own, best.gateway),
    ...compare({ goal: "over 8x the best of the SDK's own HTTP", least: 8 }, own, best.sdk),
    ...compare({ goal: "over half of the same front in-process", least: 0.5 }, own, best.front),
    ...judgeHop(rows),
    { goal: "no wrong answer", measured: `${errors}`, isMet: errors === 0 },
  ];
}

/** Processor time is told as well: other work on the machine moves the calls a second by half, and it hardly. */
function compare(
  { goal, least }: { goal: string; least: number },
  own: Row | undefined,
  other: Row | undefined,
): Goal[] {
  if (own === undefined || other === undefined) return [];
  const ratio = own.requestsPerSecond / other.requestsPerSecond;
  const byTime = `${(other.cpuUs / own.cpuUs).toFixed(2)}x by processor time a call`;
  const measured = `${ratio.toFixed(2)}x ${other.name}, ${byTime}`;
  return [{ goal, measured, isMet: ratio > least }];
}

function judgeHop(rows: readonly Row[]): Goal[] {
  const p50Of = (name: string) => findRow(rows, { name, connections: 1 })?.p50Ms ?? Number.NaN;
  const hopMs = p50Of(ours) - p50Of(inProcess);
  if (Number.isNaN(hopMs)) return [];
  const goal = "p50 of the hop below 0.5 ms at 1 connection";
  return [{ goal, measured: `${hopMs.toFixed(2)} ms`, isMet: hopMs < 0.5 }];
}

function bestOf(kind: Contender["kind"], rows: readonly Row[]): Row | undefined {
  const names = new Set(contenders.filter((one) => one.kind === kind).map(({ name }) => name));
  return rows
    .filter(({ name, connections }) => connections === 20 && names.has(name))
    .sort((one, other) => other.requestsPerSecond - one.requestsPerSecond)[0];
}
