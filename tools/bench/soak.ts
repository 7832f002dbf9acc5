import { describeCircumstances } from "./machine.ts";
import { load, type Target } from "./measure.ts";
import type { BenchOptions } from "./options.ts";
import { pinning } from "./program.ts";
import { printReport, tableOf } from "./report.ts";

/** How many calls a soak makes in all, and after how many of them memory is read. */
const callCount = 1_000_000;
const stepCount = 100_000;
/** How much memory may grow from the second reading on and still count as flat: the collector's own swing. */
const flatShare = 0.1;
/** How long one step may take, in milliseconds. */
const stepLimitMs = 10 * 60 * 1000;

/** Makes a million calls at 20 connections and tells the memory on the way. */
export async function soak(
  target: Pick<Target, "program" | "request">,
  options: BenchOptions,
): Promise<void> {
  const steps: { calls: number; memoryMiB: number; requestsPerSecond: number; errors: number }[] =
    [];
  steps.push({ calls: 0, memoryMiB: target.program.memoryMiB(), requestsPerSecond: 0, errors: 0 });
  for (let calls = stepCount; calls <= callCount; calls += stepCount) {
    const bounds = { connections: 20, durationMs: stepLimitMs, requests: stepCount };
    const { requestsPerSecond, errors } = await load(target, bounds);
    const memoryMiB = target.program.memoryMiB();
    steps.push({ calls, memoryMiB, requestsPerSecond, errors });
    console.error(`${calls} calls: ${memoryMiB.toFixed(1)} MiB`);
  }
  // The first steps compile the code and fill the pools; what comes after them is the question.
  const settled = steps.slice(2).map((step) => step.memoryMiB);
  const growth = Math.max(...settled) / (settled[0] ?? Number.NaN) - 1;
  const errors = steps.reduce((sum, step) => sum + step.errors, 0);
  const measured = `${(100 * growth).toFixed(1)} % above the reading at ${2 * stepCount} calls, ${errors} errors`;
  const goal = { goal: "memory flat over 1,000,000 calls", measured };
  const goals = [{ ...goal, isMet: growth < flatShare && errors === 0 }];
  const cells = steps.map((step) => [
    step.calls.toLocaleString("en"),
    step.memoryMiB.toFixed(1),
    Math.round(step.requestsPerSecond).toLocaleString("en"),
    `${step.errors}`,
  ]);
  const table = tableOf(["calls", "MiB", "requests/s", "errors"], cells);
  const circumstances = describeCircumstances("mcp", pinning, {});
  printReport({ circumstances, goals, ...{ steps } }, [table], options.isJson);
}
