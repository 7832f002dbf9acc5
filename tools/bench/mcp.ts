import { join } from "node:path";
import { freePort } from "../../db/private.ts";
import { readyBinary } from "./binary.ts";
import { describeCircumstances, versionsOf } from "./machine.ts";
import { callRequest, checkCall, type Era, openSession } from "./mcpCalls.ts";
import { measure, type Row, type Target } from "./measure.ts";
import { type BenchOptions, isSelected } from "./options.ts";
import { type BenchProgram, pinning, startBenchProgram } from "./program.ts";
import { findRow, type Goal, loadTable, printReport } from "./report.ts";
import { startRest } from "./services.ts";
import { soak } from "./soak.ts";

const peers = join(import.meta.dir, "peers");
const root = join(import.meta.dir, "..", "..");

/** An MCP server in front of the customer service. */
interface Contender {
  name: string;
  command(port: number, rest: string): Promise<string[]> | string[];
  era?: Era;
  hasSession?: boolean;
}

const peer = (file: string, ...mode: string[]): Contender["command"] => {
  return (port, rest) => [process.execPath, join(peers, file), `${port}`, rest, ...mode];
};
const flags = (port: number, rest: string) => {
  return ["--transport", "http", "--port", `${port}`, "--customer-api-base-url", rest];
};
const binary: Contender["command"] = async (port, rest) => {
  return [await readyBinary("customer-mcp"), ...flags(port, rest)];
};
const source: Contender["command"] = (port, rest) => {
  return [process.execPath, join(root, "mcp/customer/server.ts"), ...flags(port, rest)];
};

/** The name under which the ratios are taken. */
const ours = "customer-mcp";
const contenders: readonly Contender[] = [
  { name: ours, command: binary },
  { name: "customer-mcp 2026-07-28", command: binary, era: "modern" },
  { name: "customer-mcp session", command: binary, hasSession: true },
  { name: "customer-mcp source", command: source },
  { name: "sdk v1 stateless", command: peer("sdkV1.ts", "stateless") },
  { name: "sdk v1 stateless json", command: peer("sdkV1.ts", "json") },
  { name: "sdk v1 session", command: peer("sdkV1.ts", "session"), hasSession: true },
  { name: "sdk v2 stateless", command: peer("sdkV2.ts") },
  { name: "sdk v2 2026-07-28", command: peer("sdkV2.ts"), era: "modern" },
  { name: "plain Bun.serve", command: peer("plain.ts") },
  { name: "constant answer", command: peer("constant.ts") },
];

/** What stands behind the MCP servers. */
const backends = ["instant", "real"] as const;
type Backend = (typeof backends)[number];

/** tools/call over Streamable HTTP, beside the SDKs' own servers and plain `Bun.serve`. */
export async function benchMcp(options: BenchOptions): Promise<void> {
  const rows: Row[] = [];
  for (const backend of backends) {
    if (!isSelected(options.tasks, backend)) continue;
    if (options.isSoak && backend === "real") continue;
    const rest = await startRest(backend);
    try {
      if (options.isSoak) await soakOurs(rest.url, options);
      else rows.push(...(await measureBackend(backend, rest.url, options)));
    } finally {
      await rest.stop();
    }
  }
  if (options.isSoak) return;
  const packages = ["@modelcontextprotocol/sdk", "@modelcontextprotocol/server", "elysia"];
  const report = {
    circumstances: describeCircumstances("mcp", pinning, versionsOf(packages)),
    rows,
    goals: judge(rows),
  };
  printReport(report, [loadTable(rows, ours)], options.isJson);
}

async function measureBackend(
  backend: Backend,
  rest: string,
  options: BenchOptions,
): Promise<Row[]> {
  const customer = await (await fetch(`${rest}/api/customers/AROUT`)).json();
  const chosen = contenders.filter(({ name }) => isSelected(options.only, name));
  const targets: Target[] = [];
  try {
    for (const contender of chosen) {
      const { program, request } = await startContender(contender, rest);
      const check = (answer: string) => checkCall(answer, customer);
      targets.push({ name: contender.name, task: `${backend} backend`, program, request, check });
    }
    return await measure(targets, options);
  } finally {
    await Promise.all(targets.map(({ program }) => program.stop()));
  }
}

async function startContender(
  contender: Contender,
  rest: string,
): Promise<{ program: BenchProgram; request: Target["request"] }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const command = await contender.command(port, rest);
  const { name } = contender;
  const program = await startBenchProgram({ name, command, side: "measured", readyUrl: url });
  const session = contender.hasSession ? await openSession(url) : {};
  return { program, request: callRequest(url, contender.era ?? "legacy", session) };
}

async function soakOurs(rest: string, options: BenchOptions): Promise<void> {
  const contender = contenders.find(({ name }) => name === (options.only[0] ?? ours));
  if (contender === undefined)
    throw new Error(`Cannot soak "${options.only[0]}": no such contender`);
  const { program, request } = await startContender(contender, rest);
  try {
    const memoryMiB = () => ({ server: program.memoryMiB() });
    await soak({ bench: "mcp", request, memoryMiB }, options);
  } finally {
    await program.stop();
  }
}

/** The goals are about 20 connections and the instant backend: there the MCP server itself is what is measured. */
function judge(rows: readonly Row[]): Goal[] {
  const at20 = { task: "instant backend", connections: 20 };
  const own = findRow(rows, { ...at20, name: ours });
  const speedOf = (name: string) => findRow(rows, { ...at20, name })?.requestsPerSecond;
  const goals: Goal[] = [];
  if (own === undefined) return goals;
  const atLeast = (least: number, name: string) => {
    const speed = speedOf(name);
    if (speed === undefined) return;
    const ratio = own.requestsPerSecond / speed;
    const goal = `at least ${least}x ${name} at 20 connections`;
    goals.push({ goal, measured: `${ratio.toFixed(2)}x`, isMet: ratio >= least });
  };
  atLeast(5, "sdk v1 stateless");
  atLeast(5, "sdk v1 stateless json");
  atLeast(5, "sdk v2 stateless");
  atLeast(0.5, "plain Bun.serve");
  const measured = `${own.p99Ms.toFixed(2)} ms`;
  goals.push({ goal: "p99 below 10 ms at 20 connections", measured, isMet: own.p99Ms < 10 });
  const errors = rows.reduce((sum, row) => sum + row.errors, 0);
  goals.push({ goal: "no wrong answer", measured: `${errors}`, isMet: errors === 0 });
  return goals;
}
