import { join } from "node:path";
import type { LoadPlan, LoadResult } from "./load.ts";
import { type BenchProgram, pinned } from "./program.ts";
import { forConnection, Template } from "./template.ts";

/** One thing to measure: what to ask it, and how a right answer is known. */
export interface Target {
  /** The contender's name in the tables. */
  name: string;
  /** What is asked, for example `GET by id`. */
  task: string;
  program: BenchProgram;
  request: Omit<LoadPlan, "connections" | "durationMs" | "requests">;
  /** Looks at one whole answer before anything is measured; throws when it is not the right one. */
  check(answer: string): void;
}

/** How long and how often. */
export interface Effort {
  connections: readonly number[];
  rounds: number;
  seconds: number;
}

/** The medians of one target at one number of connections. */
export interface Row {
  name: string;
  task: string;
  connections: number;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Time on a core per request, in microseconds: it hardly depends on what else the machine does. */
  cpuUs: number;
  /** Wrong answers in all rounds together. */
  errors: number;
  firstError?: string;
  /** Resident memory after the last round. */
  memoryMiB: number;
}

type Round = LoadResult & { cpuUs: number };

/** How long every target is loaded before its figures count, in milliseconds: its code is compiled by then. */
const warmUpMs = 1_500;

/**
 * Measures all targets in alternating rounds (A B C, A B C, …), so that what else the machine does meets all alike, and
 * takes the median of each one's rounds.
 */
export async function measure(targets: readonly Target[], effort: Effort): Promise<Row[]> {
  for (const target of targets) {
    await checkSample(target);
    await load(target, { connections: 20, durationMs: warmUpMs });
  }
  const rows: Row[] = [];
  for (const connections of effort.connections) {
    const results = targets.map((): Round[] => []);
    for (let round = 1; round <= effort.rounds; round++) {
      for (const [index, target] of targets.entries()) {
        const cpuBeforeMs = target.program.cpuMs();
        const result = await load(target, { connections, durationMs: effort.seconds * 1000 });
        const cpuUs = ((target.program.cpuMs() - cpuBeforeMs) * 1000) / result.requests;
        results[index]?.push({ ...result, cpuUs });
        tell(target, connections, round, result);
      }
    }
    rows.push(...targets.map((target, index) => rowOf(target, connections, results[index] ?? [])));
  }
  return rows;
}

/** Loads one target once; a process of its own generates the load. */
export async function load(
  { request }: Pick<Target, "request">,
  bounds: Pick<LoadPlan, "connections" | "durationMs" | "requests">,
): Promise<LoadResult> {
  const plan: LoadPlan = { ...request, ...bounds };
  const command = [process.execPath, join(import.meta.dir, "load.ts"), JSON.stringify(plan)];
  const generator = Bun.spawn(pinned(command, "rest"), { stdout: "pipe", stderr: "inherit" });
  const text = await new Response(generator.stdout).text();
  if ((await generator.exited) !== 0) throw new Error("The load generator has failed");
  return JSON.parse(text);
}

async function checkSample(target: Target): Promise<void> {
  const { url, method, headers } = target.request;
  const body = new Template(forConnection(target.request.body ?? "", 0)).of(0).toString();
  const response = await fetch(url, { method, headers, ...(body !== "" && { body }) });
  const answer = await response.text();
  try {
    if (!response.ok) throw new Error(`status ${response.status}`);
    target.check(answer);
  } catch (cause) {
    const text = `"${target.name}" does not answer ${target.task} as it should`;
    throw new Error(`${text}: ${cause}\n${answer.slice(0, 1000)}`, { cause });
  }
}

function tell(target: Target, connections: number, round: number, result: LoadResult): void {
  const speed = `${Math.round(result.requestsPerSecond)} requests/s`;
  const errors = result.errors > 0 ? `  ${result.errors} ERRORS: ${result.firstError}` : "";
  console.error(
    `${target.task}, ${connections} connections, round ${round}: ${target.name} ${speed}${errors}`,
  );
}

function rowOf(target: Target, connections: number, results: readonly Round[]): Row {
  const firstError = results.find((result) => result.firstError !== undefined)?.firstError;
  return {
    name: target.name,
    task: target.task,
    connections,
    requestsPerSecond: median(results.map((result) => result.requestsPerSecond)),
    p50Ms: median(results.map((result) => result.p50Ms)),
    p99Ms: median(results.map((result) => result.p99Ms)),
    cpuUs: median(results.map((result) => result.cpuUs)),
    errors: results.reduce((sum, result) => sum + result.errors, 0),
    ...(firstError !== undefined && { firstError }),
    memoryMiB: target.program.memoryMiB(),
  };
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
