import { readdirSync, readFileSync } from "node:fs";

/** One process of a contender. */
export interface ProcessFigures {
  pid: number;
  /** The program's file name, for example `berth`. */
  name: string;
  /** Resident memory in MiB. */
  memoryMiB: number;
  /** Time on a core so far in milliseconds, that of children which it has outlived included. */
  cpuMs: number;
}

/** A process and everything that it has started, itself first; empty outside Linux and when it has ended. */
export function readTree(pid: number): ProcessFigures[] {
  const own = readProcess(pid);
  return own === undefined ? [] : [own, ...childrenOf(pid).flatMap(readTree)];
}

function childrenOf(pid: number): number[] {
  return readdirOrNothing(`/proc/${pid}/task`).flatMap((task) =>
    readOrNothing(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean).map(Number),
  );
}

function readProcess(pid: number): ProcessFigures | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  if (stat === "") return undefined;
  // proc_pid_stat(5): after the name come utime, stime, cutime and cstime as the 12th to 15th field, in ticks of 10 ms.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const status = readOrNothing(`/proc/${pid}/status`);
  const memoryMiB = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  return { pid, name: /^Name:\s+(.*)$/m.exec(status)?.[1] ?? "", memoryMiB, cpuMs: ticks * 10 };
}

/** A process may end between two reads. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function readdirOrNothing(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
