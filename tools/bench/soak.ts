import { describeCircumstances } from "./machine.ts";
import { load, type Target } from "./measure.ts";
import type { BenchOptions } from "./options.ts";
import { pinning } from "./program.ts";
import { type Goal, printReport, tableOf } from "./report.ts";

/** How many calls a soak makes in all, and after how many of them memory is read. */
const callCount = 1_000_000;
const stepCount = 100_000;
/** How much memory may grow from the second reading on and still count as flat: the collector's own swing. */
const flatShare = 0.1;
/** How long one step may take, in milliseconds. */
const stepLimitMs = 10 * 60 * 1000;

/** What a soak looks at. */
export interface Soaked extends Pick<Target, "request"> {
  /** The bench's name. */
  bench: string;
  /** Resident memory in MiB by part, for example of a gateway and of its child. */
  memoryMiB(): Record<string, number>;
}

interface Step {
  calls: number;
  memoryMiB: Record<string, number>;
  requestsPerSecond: number;
  errors: number;
}

/** Makes a million calls at 20 connections and tells the memory on the way. */
export async function soak(target: Soaked, options: BenchOptions): Promise<void> {
  const nothing = { requestsPerSecond: 0, errors: 0 };
  const steps: Step[] = [{ calls: 0, memoryMiB: target.memoryMiB(), ...nothing }];
  for (let calls = stepCount; calls <= callCount; calls += stepCount) {
    const bounds = { connections: 20, durationMs: stepLimitMs, requests: stepCount };
    const { requestsPerSecond, errors, firstError } = await load(target, bounds);
    const memoryMiB = target.memoryMiB();
    steps.push({ calls, memoryMiB, requestsPerSecond, errors });
    const shown = Object.entries(memoryMiB).map(([part, MiB]) => `${part} ${MiB.toFixed(1)} MiB`);
    console.error(`${calls} calls: ${shown.join(", ")}${firstError ? `  ${firstError}` : ""}`);
  }
  const parts = Object.keys(steps[0]?.memoryMiB ?? {});
  const cells = steps.map((step) => [
    step.calls.toLocaleString("en"),
    ...parts.map((part) => (step.memoryMiB[part] ?? Number.NaN).toFixed(1)),
    Math.round(step.requestsPerSecond).toLocaleString("en"),
    `${step.errors}`,
  ]);
  const heads = parts.map((part) => `${part} MiB`);
  const table = tableOf(["calls", ...heads, "requests/s", "errors"], cells);
  const circumstances = describeCircumstances(target.bench, pinning, {});
  const goals = judge(steps, parts);
  printReport({ circumstances, goals, ...{ steps } }, [table], options.isJson);
}

function judge(steps: readonly Step[], parts: readonly string[]): Goal[] {
  const flat = parts.map((part) => {
    // The first steps compile the code and fill the pools; what comes after them is the question.
    const settled = steps.slice(2).map((step) => step.memoryMiB[part] ?? Number.NaN);
    const growth = Math.max(...settled) / (settled[0] ?? Number.NaN) - 1;
    return {
      goal: `memory of ${part} flat over ${callCount.toLocaleString("en")} calls`,
      measured: `${(100 * growth).toFixed(1)} % above the reading at ${2 * stepCount} calls`,
      isMet: growth < flatShare,
    };
  });
  const errors = steps.reduce((sum, step) => sum + step.errors, 0);
  return [...flat, { goal: "no wrong answer", measured: `${errors}`, isMet: errors === 0 }];
}
