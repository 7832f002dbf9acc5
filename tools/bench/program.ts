import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { endingWithOwner } from "../../db/unprivileged.ts";
import { type ProcessFigures, readTree } from "./processTree.ts";

/** How long a contender may take to become ready, and to end, in milliseconds. */
const readyLimitMs = 30_000;
const stopLimitMs = 5_000;

const isLinux = process.platform === "linux";
const root: string = join(import.meta.dir, "..", "..");
const logs = join(root, ".bench", "logs");

/** Which part of the machine a process gets: what is measured, or everything else (generator, backend, database). */
export type Side = "measured" | "rest";

const canPin = Bun.which("taskset") !== null && cpus().length > 1;
const coresOf: Record<Side, string> = { measured: "0", rest: `1-${cpus().length - 1}` };

/** In words, for the report. */
export const pinning: string = canPin
  ? `measured process and its children on core ${coresOf.measured}; generator, backend and database on ${coresOf.rest}`
  : "not pinned: taskset is missing or there is one core";

/** Puts a command on its side of the machine. */
export function pinned(command: readonly string[], side: Side): string[] {
  return canPin ? ["taskset", "-c", coresOf[side], ...command] : [...command];
}

/** Moves a process that runs already; what it forks from then on follows. */
export function movePid(pid: number, side: Side): void {
  if (canPin) Bun.spawnSync(["taskset", "-a", "-p", "-c", coresOf[side], `${pid}`]);
}

/** One running process of a bench. */
export interface BenchProgram {
  name: string;
  readonly pid: number;
  /** Resident memory in MiB, that of its children included. */
  memoryMiB(): number;
  /** Time that it and its children have spent on a core so far, in milliseconds; not known outside Linux. */
  cpuMs(): number;
  stop(): Promise<void>;
}

export interface BenchProgramOptions {
  name: string;
  command: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Absent for a program that may use every core. */
  side?: Side;
  /** Answers 2xx to GET once it serves; any answer at all will do for programs without such a path. */
  readyUrl: string;
}

/** Starts a program and waits until it answers. */
export async function startBenchProgram(options: BenchProgramOptions): Promise<BenchProgram> {
  mkdirSync(logs, { recursive: true });
  const logFile = join(logs, `${options.name.replace(/\W+/g, "-")}.log`);
  const log = openSync(logFile, "w");
  const { command, side } = options;
  const placed = side === undefined ? command : pinned(command, side);
  const [file = "", ...args] = endingWithOwner(placed, "TERM");
  const child = spawn(file, args, {
    cwd: root,
    env: { ...process.env, ...options.env },
    // A file, because reading a line for every request would load this process and so the machine.
    stdio: ["ignore", "ignore", log],
  });
  closeSync(log);
  process.once("exit", () => child.kill("SIGKILL"));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await untilAnswering(options, child, logFile);
  const pid = child.pid ?? 0;
  return {
    name: options.name,
    pid,
    memoryMiB: () => (isLinux ? sumOf(readTree(pid), "memoryMiB") : residentMiB(pid)),
    cpuMs: () => (isLinux ? sumOf(readTree(pid), "cpuMs") : Number.NaN),
    async stop() {
      child.kill("SIGTERM");
      const limit = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
      if (child.exitCode === null && child.signalCode === null) await ended;
      clearTimeout(limit);
    },
  };
}

async function untilAnswering(
  options: BenchProgramOptions,
  child: ChildProcess,
  logFile: string,
): Promise<void> {
  const deadline = Date.now() + readyLimitMs;
  while (Date.now() < deadline && child.exitCode === null) {
    const isUp = await fetch(options.readyUrl).then(
      (response) => response.status < 500,
      () => false,
    );
    if (isUp) return;
    await Bun.sleep(25);
  }
  child.kill("SIGKILL");
  throw new Error(
    `Cannot start "${options.name}": it does not answer\n${readFileSync(logFile, "utf8").slice(0, 4000)}`,
  );
}

/** Resident memory of one process in MiB; `ps` where there is no /proc. */
export function residentMiB(pid: number): number {
  if (process.platform !== "linux") {
    const ps = Bun.spawnSync(["ps", "-o", "rss=", "-p", `${pid}`]);
    return Number(ps.stdout.toString().trim()) / 1024;
  }
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

function sumOf(tree: readonly ProcessFigures[], figure: "memoryMiB" | "cpuMs"): number {
  return tree.reduce((sum, one) => sum + one[figure], 0);
}
