import { tmpdir } from "node:os";
import type { Launch } from "../../src/edge/worker.ts";
import { compilePeer, readyBinary } from "./binary.ts";
import { openJailedStart } from "./jailedStart.ts";
import { describeCircumstances, versionsOf } from "./machine.ts";
import { median } from "./measure.ts";
import { type BenchOptions, isSelected } from "./options.ts";
import { residentMiB } from "./program.ts";
import { type Goal, printReport, tableOf } from "./report.ts";

/** How many starts of each program are timed, and in how many of them memory is read. */
const startCount = 20;
const memoryCount = 3;
/** How long after the answer memory is read, in milliseconds. */
const idleMs = 1_000;
/** How long a program may take to end once its stdin has ended, in milliseconds. */
const endLimitMs = 5_000;

interface Starter {
  name: string;
  /** Makes what is spawned, as part of the start. */
  prepare(): Promise<Launch>;
  answerMs: number[];
  memoryMiB: number[];
  /** From the end of stdin to the end of the process. */
  endMs: number[];
}

interface StartFigures {
  name: string;
  medianMs: number;
  fastestMs: number;
  slowestMs: number;
  memoryMiB: number;
  medianEndMs: number;
}

const ours = "customer-mcp";
/** The same program, started directly and as Berth starts it. */
const unjailed = "echo";
const jailed = "echo in its jail";

/** From the start of the process to the answer of initialize over stdio, and the memory when it then idles. */
export async function benchStart(options: BenchOptions): Promise<void> {
  const echo = await compilePeer("echo");
  const berth = await readyBinary("berth");
  const jail = await openJailedStart(echo);
  const candidates: Record<string, Starter["prepare"]> = {
    [ours]: plain(await readyBinary("customer-mcp")),
    "finance-mcp": plain(await readyBinary("finance-mcp")),
    "plain recipe (sdk v1)": plain(await compilePeer("recipe")),
    "hello world": plain(await compilePeer("hello")),
    [unjailed]: plain(echo),
    [jailed]: jail.prepare,
    "berth run echo": plain(berth, "run", "--", echo),
  };
  const starters = Object.entries(candidates)
    .filter(([name]) => isSelected(options.only, name))
    .map(([name, prepare]) => ({ name, prepare, answerMs: [], memoryMiB: [], endMs: [] }));
  // The first start reads the file from disk.
  for (const starter of starters) await startOnce(starter, false);
  for (const starter of starters) for (const figure of listsOf(starter)) figure.length = 0;
  for (let round = 0; round < startCount; round++) {
    for (const starter of starters) await startOnce(starter, round < memoryCount);
  }
  await jail.close();
  const rows = starters.map(figuresOf);
  const versions = versionsOf(["@modelcontextprotocol/sdk"]);
  const circumstances = describeCircumstances("start", "not pinned", versions);
  printReport({ circumstances, goals: judge(rows), ...{ rows } }, [table(rows)], options.isJson);
}

function listsOf({ answerMs, memoryMiB, endMs }: Starter): number[][] {
  return [answerMs, memoryMiB, endMs];
}

async function startOnce(starter: Starter, readsMemory: boolean): Promise<void> {
  const startedAtMs = performance.now();
  const { argv, env, cwd, dispose } = await starter.prepare();
  const child = Bun.spawn([...argv], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
    env: { ...env },
    cwd,
  });
  child.stdin.write(`${JSON.stringify(initialize)}\n`);
  child.stdin.flush();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  starter.answerMs.push(performance.now() - startedAtMs);
  checkAnswer(starter.name, new TextDecoder().decode(value));
  if (readsMemory) {
    await Bun.sleep(idleMs);
    starter.memoryMiB.push(residentMiB(child.pid));
  }
  const endedAtMs = performance.now();
  child.stdin.end();
  const limit = setTimeout(() => child.kill("SIGKILL"), endLimitMs);
  await child.exited;
  clearTimeout(limit);
  starter.endMs.push(performance.now() - endedAtMs);
  await dispose?.();
}

/** A program that is started as it is. */
function plain(...argv: string[]): Starter["prepare"] {
  const env = {
    PATH: process.env.PATH ?? "",
    CUSTOMER_API_BASE_URL: "http://127.0.0.1:8081",
    FINANCE_API_BASE_URL: "http://127.0.0.1:8082",
  };
  return () => Promise.resolve({ argv, env, cwd: tmpdir() });
}

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "bench", version: "1.0.0" },
  },
};

function checkAnswer(name: string, line: string): void {
  const { id, result } = JSON.parse(line);
  const isRight = id === 1 && result?.protocolVersion === "2025-11-25" && result.serverInfo.name;
  if (!isRight) throw new Error(`"${name}" answers initialize with ${line}`);
}

function figuresOf({ name, answerMs, memoryMiB, endMs }: Starter): StartFigures {
  return {
    name,
    medianMs: median(answerMs),
    fastestMs: Math.min(...answerMs),
    slowestMs: Math.max(...answerMs),
    memoryMiB: median(memoryMiB),
    medianEndMs: median(endMs),
  };
}

function table(rows: readonly StartFigures[]): string {
  const cells = rows.map((row) => [
    row.name,
    row.medianMs.toFixed(1),
    row.fastestMs.toFixed(1),
    row.slowestMs.toFixed(1),
    row.memoryMiB.toFixed(1),
    row.medianEndMs.toFixed(1),
  ]);
  const head = [
    "program",
    `median of ${startCount} ms`,
    "fastest",
    "slowest",
    "idle MiB",
    "end ms",
  ];
  return tableOf(head, cells);
}

function judge(rows: readonly StartFigures[]): Goal[] {
  return [...judgeStart(rows), ...judgeJail(rows)];
}

function judgeJail(rows: readonly StartFigures[]): Goal[] {
  const medianOf = (name: string) => rows.find((row) => row.name === name)?.medianMs ?? Number.NaN;
  const costMs = medianOf(jailed) - medianOf(unjailed);
  if (Number.isNaN(costMs)) return [];
  const goal = "the jail costs less than 10 ms at start";
  return [{ goal, measured: `${costMs.toFixed(1)} ms`, isMet: costMs < 10 }];
}

function judgeStart(rows: readonly StartFigures[]): Goal[] {
  const own = rows.find(({ name }) => name === ours);
  if (own === undefined) return [];
  const { medianMs, memoryMiB } = own;
  // The goal is in MB of 10^6 bytes.
  const memoryMB = (memoryMiB * 2 ** 20) / 1e6;
  return [
    {
      goal: "initialize answered below 25 ms after the start",
      measured: `${medianMs.toFixed(1)} ms`,
      isMet: medianMs < 25,
    },
    {
      goal: "idle memory below 55 MB",
      measured: `${memoryMB.toFixed(1)} MB`,
      isMet: memoryMB < 55,
    },
  ];
}
