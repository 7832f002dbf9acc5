import { readdirSync, readFileSync } from "node:fs";

const pageBytes = 4096;
/** How many tasks the machine may gain before the groups are read again at once, whoever has started them. */
const surgeCount = 256;

/** How often `pollOnSurge` is to be called, in milliseconds. */
export const surgeWatchMs = 50;

/** What the process group of a child takes. */
export interface Usage {
  rssBytes: number;
  /** Processes and threads. */
  taskCount: number;
}

export const noUsage: Usage = { rssBytes: 0, taskCount: 0 };

/** What process groups hold in memory and how many tasks they have, read from /proc in one pass for all of them. */
export class GroupUsage {
  #groups = new Map<number, Usage>();
  #taskCount = 0;

  /** Reads the state of every process; what cannot be read counts as nothing. Without /proc nothing is known. */
  poll(): void {
    const groups = new Map<number, Usage>();
    for (const name of listProcesses()) {
      const found = readState(name);
      if (found === undefined) continue;
      const { rssBytes, taskCount } = groups.get(found.group) ?? noUsage;
      groups.set(found.group, {
        rssBytes: rssBytes + found.rssBytes,
        taskCount: taskCount + found.taskCount,
      });
    }
    this.#groups = groups;
    this.#taskCount = countTasks();
  }

  /**
   * Polls when the machine has many more tasks than at the last poll; true when it did. One small file tells, so this may be
   * called often: a fork without end doubles faster than the groups can be read all the time.
   */
  pollOnSurge(): boolean {
    if (countTasks() <= this.#taskCount + surgeCount) return false;
    this.poll();
    return true;
  }

  /** Of the group that a process leads. */
  of(pid: number): Usage {
    return this.#groups.get(pid) ?? noUsage;
  }
}

function listProcesses(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function readState(pid: string): ({ group: number } & Usage) | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The program's name stands in brackets and may hold anything, brackets included.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return {
      group: Number(fields[2]),
      taskCount: Number(fields[17]),
      rssBytes: Number(fields[21]) * pageBytes,
    };
  } catch {
    // It has ended since it was listed.
    return undefined;
  }
}

/** All tasks of the machine, as /proc/loadavg has them behind a slash: `0.20 0.18 0.12 1/80 11206`. */
function countTasks(): number {
  try {
    return Number(/\/(\d+)/.exec(readFileSync("/proc/loadavg", "latin1"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
