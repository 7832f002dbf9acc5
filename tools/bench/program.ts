import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { endingWithOwner } from "../../db/unprivileged.ts";

/** How long a contender may take to become ready, and to end, in milliseconds. */
const readyLimitMs = 30_000;
const stopLimitMs = 5_000;

const root: string = join(import.meta.dir, "..", "..");

/** Which part of the machine a process gets: what is measured, or everything else (generator, backend, database). */
export type Side = "measured" | "rest";

const canPin = Bun.which("taskset") !== null && cpus().length > 1;
const coresOf: Record<Side, string> = { measured: "0", rest: `1-${cpus().length - 1}` };

/** In words, for the report. */
export const pinning: string = canPin
  ? `measured process on core ${coresOf.measured}; generator, backend and database on ${coresOf.rest}`
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
  /** Resident memory in MiB, its children's included (none of the contenders has any while it serves). */
  memoryMiB(): number;
  stop(): Promise<void>;
}

export interface BenchProgramOptions {
  name: string;
  command: readonly string[];
  env?: Readonly<Record<string, string>>;
  side: Side;
  /** Answers 2xx to GET once it serves; any answer at all will do for programs without such a path. */
  readyUrl: string;
}

/** Starts a program and waits until it answers. */
export async function startBenchProgram(options: BenchProgramOptions): Promise<BenchProgram> {
  const [file = "", ...args] = endingWithOwner(pinned(options.command, options.side), "TERM");
  const child = spawn(file, args, {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  process.once("exit", () => child.kill("SIGKILL"));
  let problem = "";
  child.stderr.on("data", (chunk: Buffer) => {
    // A contender that logs every request must not fill the memory; the beginning tells why it did not start.
    if (problem.length < 4000) problem += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await untilAnswering(options, child, () => problem);
  return {
    name: options.name,
    memoryMiB: () => residentMiB(child.pid ?? 0),
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
  problem: () => string,
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
  throw new Error(`Cannot start "${options.name}": it does not answer\n${problem()}`);
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
