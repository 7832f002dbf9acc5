import { compilePeer, readyBinary } from "./binary.ts";
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
  file: string;
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

/** From the start of the process to the answer of initialize over stdio, and the memory when it then idles. */
export async function benchStart(options: BenchOptions): Promise<void> {
  const files: [string, () => Promise<string>][] = [
    [ours, () => readyBinary("customer-mcp")],
    ["finance-mcp", () => readyBinary("finance-mcp")],
    ["plain recipe (sdk v1)", () => compilePeer("recipe")],
    ["hello world", () => compilePeer("hello")],
  ];
  const starters: Starter[] = [];
  for (const [name, file] of files) {
    if (!isSelected(options.only, name)) continue;
    starters.push({ name, file: await file(), answerMs: [], memoryMiB: [], endMs: [] });
  }
  // The first start reads the file from disk.
  for (const starter of starters) await startOnce(starter, false);
  for (const starter of starters) for (const figure of listsOf(starter)) figure.length = 0;
  for (let round = 0; round < startCount; round++) {
    for (const starter of starters) await startOnce(starter, round < memoryCount);
  }
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
  const child = Bun.spawn([starter.file], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
    env: {
      CUSTOMER_API_BASE_URL: "http://127.0.0.1:8081",
      FINANCE_API_BASE_URL: "http://127.0.0.1:8082",
    },
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
