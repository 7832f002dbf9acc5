import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../db/private.ts";
import { findPython, installTarget } from "../interop/install.ts";
import { startModel } from "../interop/model.ts";
import { startTarget } from "../interop/server.ts";
import { targets } from "../interop/targets.ts";
import { readyBinary } from "./binary.ts";
import { callsEach, respond, warmUp } from "./llama-stack-calls.ts";
import { openTap, type Tap } from "./llama-stack-tap.ts";
import { describeCircumstances } from "./machine.ts";
import type { BenchOptions } from "./options.ts";
import { type BenchProgram, pinning, startBenchProgram } from "./program.ts";
import { pythonVersions, readyPython } from "./python.ts";
import { type Goal, printReport, tableOf } from "./report.ts";
import { startRest } from "./services.ts";

/** Responses of one round, and those before anything is measured. */
const responsesPerRound = 10;
const warmUpCount = 5;

const peers = join(import.meta.dir, "peers");
const ours = "customer-mcp";
const registered = "through berth, as registered";
const python = "FastMCP (Python)";
const constant = "constant answers";

interface Contender {
  name: string;
  /** Where it answers; /mcp when left out. */
  path?: string;
  command(port: number, rest: string): Promise<string[]>;
}

const contenders: readonly Contender[] = [
  {
    name: ours,
    command: async (port, rest) => [
      ...[await readyBinary("customer-mcp"), "--transport", "http", "--port", `${port}`],
      ...["--customer-api-base-url", rest],
    ],
  },
  {
    name: registered,
    path: "/customer/text/mcp",
    command: async (port, rest) => {
      const folder = join(import.meta.dir, "..", "..", ".bench", "llama-stack");
      mkdirSync(folder, { recursive: true });
      const customer = {
        command: await readyBinary("customer-mcp"),
        args: ["--customer-api-base-url", rest],
        permissions: { net: [new URL(rest).host] },
      };
      writeFileSync(join(folder, "berth.json"), JSON.stringify({ mcpServers: { customer } }));
      return [await readyBinary("berth"), "serve", folder, "--port", `${port}`];
    },
  },
  {
    name: python,
    command: async (port, rest) => [
      ...[join(await readyPython(), "python"), join(peers, "fastmcp_server.py")],
      ...["customer", `${port}`, rest],
    ],
  },
  {
    name: constant,
    command: async (port) => [process.execPath, join(peers, "constantMcp.ts"), `${port}`],
  },
];

/** What stands behind the servers: the goal is about the server itself, so about the one that takes no time. */
const backends = ["instant", "real"] as const;
type Backend = (typeof backends)[number];

/** A contender that runs, behind its tap. */
interface Running {
  name: string;
  program: BenchProgram;
  tap: Tap;
  /** Of each response: the wait for the server, the whole time and the server's own on a core, in milliseconds. */
  samples: { waitMs: number; wholeMs: number; cpuMs: number; requests: number }[];
}

/** The medians of one contender inside one version. */
interface Row {
  version: string;
  backend: Backend;
  name: string;
  waitPerCallMs: number;
  /** On a core; it hardly depends on what else the machine does. */
  cpuPerCallMs: number;
  requestsPerResponse: number;
  responseMs: number;
  /** Beyond what the response takes with constant answers, for each tool call. */
  addedPerCallMs: number;
}

/** How long a Llama Stack waits for our server and for FastMCP, with the same tools and backend. */
export async function benchLlamaStack(options: BenchOptions): Promise<void> {
  const interpreter = await findPython();
  if (interpreter === undefined) throw new Error("Cannot run Llama Stack: no Python 3.12 or 3.13");
  const model = startModel();
  const rows: Row[] = [];
  try {
    for (const target of chosenOf(options, targets, ({ version }) => version)) {
      const programs = await installTarget(target, interpreter);
      const stack = await startTarget(target, programs, { modelUrl: model.url, connectors: {} });
      try {
        for (const backend of chosenOf(options, backends, (name) => name)) {
          const inside = { version: target.name, backend, stackUrl: stack.url };
          rows.push(...(await measureInside(inside, options.rounds)));
        }
      } finally {
        await stack.stop();
      }
    }
  } finally {
    await model.stop();
  }
  const circumstances = describeCircumstances("llama-stack", pinning, pythonVersions());
  const report = { circumstances, rows, goals: judge(rows) };
  printReport(report, [tableText(rows)], options.isJson);
}

/** Those that `--tasks` names; all where it names none of them. */
function chosenOf<Item>(
  { tasks }: BenchOptions,
  items: readonly Item[],
  nameOf: (item: Item) => string,
): readonly Item[] {
  const named = items.filter((item) => tasks.includes(nameOf(item)));
  return named.length > 0 ? named : items;
}

async function measureInside(
  { version, backend, stackUrl }: { version: string; backend: Backend; stackUrl: string },
  rounds: number,
): Promise<Row[]> {
  const rest = await startRest(backend);
  const running: Running[] = [];
  try {
    for (const contender of contenders) running.push(await startContender(contender, rest.url));
    for (const one of running) {
      await warmUp(one.tap.url);
      for (let count = 0; count < warmUpCount; count++) await respond(stackUrl, one.tap.url);
    }
    for (let round = 0; round < rounds; round++) {
      for (const one of running) await measureRound(stackUrl, one);
    }
    return rowsOf(running).map((row) => ({ version, backend, ...row }));
  } finally {
    for (const { program, tap } of running) {
      tap.stop();
      await program.stop();
    }
    await rest.stop();
  }
}

async function startContender(
  { name, command, path = "/mcp" }: Contender,
  rest: string,
): Promise<Running> {
  const port = await freePort();
  const program = await startBenchProgram({
    name: `llama-stack-${name}`,
    command: await command(port, rest),
    side: "measured",
    readyUrl: `http://127.0.0.1:${port}`,
  });
  return { name, program, tap: await openTap(port, path), samples: [] };
}

async function measureRound(stackUrl: string, { tap, samples, program }: Running): Promise<void> {
  for (let count = 0; count < responsesPerRound; count++) {
    tap.take();
    const cpuBeforeMs = program.cpuMs();
    const beganMs = performance.now();
    await respond(stackUrl, tap.url);
    const wholeMs = performance.now() - beganMs;
    samples.push({ wholeMs, cpuMs: program.cpuMs() - cpuBeforeMs, ...tap.take() });
  }
}

function rowsOf(running: readonly Running[]): Omit<Row, "version" | "backend">[] {
  const whole = (one: Running) => median(one.samples.map(({ wholeMs }) => wholeMs));
  const floor = running.find(({ name }) => name === constant);
  return running.map((one) => ({
    name: one.name,
    waitPerCallMs: median(one.samples.map(({ waitMs }) => waitMs)) / callsEach,
    // The kernel counts in steps of 10 ms, so only the sum says something.
    cpuPerCallMs: sum(one.samples.map(({ cpuMs }) => cpuMs)) / one.samples.length / callsEach,
    requestsPerResponse: median(one.samples.map(({ requests }) => requests)),
    responseMs: whole(one),
    addedPerCallMs: floor === undefined ? Number.NaN : (whole(one) - whole(floor)) / callsEach,
  }));
}

function judge(rows: readonly Row[]): Goal[] {
  return rows.flatMap((own) => {
    if (own.name !== ours) return [];
    const { version, backend } = own;
    const other = rows.find(
      (row) => row.version === version && row.backend === backend && row.name === python,
    );
    const share = own.waitPerCallMs / (other?.waitPerCallMs ?? Number.NaN);
    const [mine, theirs] = [own.waitPerCallMs, other?.waitPerCallMs].map((ms) => ms?.toFixed(2));
    const measured = `${mine} ms of ${theirs} ms: ${share.toFixed(3)}`;
    const goal = `${version}, ${backend} backend: the wait at most 0.2 of that for FastMCP`;
    return [{ goal, measured, isMet: share <= 0.2 }];
  });
}

function tableText(rows: readonly Row[]): string {
  return tableOf(
    [
      "inside",
      "backend",
      "server",
      "wait/call ms",
      "cpu/call ms",
      "requests",
      "response ms",
      "added/call ms",
    ],
    rows.map((row) => [
      row.version,
      row.backend,
      row.name,
      row.waitPerCallMs.toFixed(2),
      row.cpuPerCallMs.toFixed(2),
      `${row.requestsPerResponse}`,
      row.responseMs.toFixed(1),
      row.addedPerCallMs.toFixed(2),
    ]),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
