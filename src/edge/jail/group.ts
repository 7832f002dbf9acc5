import { readdirSync, readFileSync } from "node:fs";

/** What the processes of one bundle take together. */
export interface GroupUsage {
  /** Resident memory, in bytes; pages that processes share are counted in each. */
  residentBytes: number;
  processes: number;
  threads: number;
}

/**
 * What a bundle's process group takes now; undefined when it has ended. The launcher leads its group and the jail lets
 * nobody leave it.
 * @param mayFork False for a bundle without `run`, which is one process: reading it alone takes microseconds.
 */
export function measureGroup(leader: number, mayFork: boolean): GroupUsage | undefined {
  const pids = mayFork ? allProcesses() : [leader];
  const usage: GroupUsage = { residentBytes: 0, processes: 0, threads: 0 };
  for (const pid of pids) {
    const status = readStatus(pid);
    if (status === undefined || numberAfter(status, "NSpgid") !== leader) continue;
    usage.processes += 1;
    usage.threads += numberAfter(status, "Threads");
    // A process that has ended and is not reaped yet has no such line.
    usage.residentBytes += numberAfter(status, "VmRSS") * 1024;
  }
  return usage.processes === 0 ? undefined : usage;
}

/** Signals every process of the group; false when there is none left. */
export function signalGroup(leader: number, signal: "SIGTERM" | "SIGKILL"): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}

function allProcesses(): number[] {
  return readdirSync("/proc").map(Number).filter(Number.isInteger);
}

function readStatus(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/status`, "latin1");
  } catch {
    return undefined;
  }
}

/** The number behind a name of /proc/<pid>/status; 0 without one. The process's own name is escaped there. */
function numberAfter(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0);
}
