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
    if (status === undefined || /^State:\s*[ZX]/m.test(status)) continue;
    // The leader belongs to it from its first moment, when the launcher has not made the group yet.
    if (pid !== leader && numberAfter(status, "NSpgid") !== leader) continue;
    usage.processes += 1;
    usage.threads += numberAfter(status, "Threads");
    usage.residentBytes += numberAfter(status, "VmRSS") * 1024;
  }
  return usage.processes === 0 ? undefined : usage;
}

/** Room for the tasks of one user that this process cannot see, such as those of another pod under the same user id. */
const unseenTasks = 2048;

/**
 * A bound for the processes and threads of this user, Berth's and all bundles' together, that nothing sound comes near; it stops
 * a fork without end. The kernel counts by user, so a tight bound would let one bundle starve another.
 */
export function userTaskLimit(): number {
  const uid = process.getuid?.() ?? 0;
  const seen = allProcesses()
    .map(readStatus)
    .filter(
      (status): status is string => status !== undefined && numberAfter(status, "Uid") === uid,
    )
    .reduce((sum, status) => sum + numberAfter(status, "Threads"), 0);
  return seen + unseenTasks;
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
