import { readdirSync, readFileSync } from "node:fs";

const pageBytes = 4096;

/** What process groups hold in memory, read from /proc in one pass for all of them. */
export class GroupMemory {
  #bytes = new Map<number, number>();

  /** Reads the state of every process; what cannot be read counts as nothing. Without /proc nothing is known. */
  poll(): void {
    const bytes = new Map<number, number>();
    for (const name of listProcesses()) {
      const found = readState(name);
      if (found !== undefined) bytes.set(found.group, (bytes.get(found.group) ?? 0) + found.bytes);
    }
    this.#bytes = bytes;
  }

  /** Of the group that a process leads, in bytes. */
  of(pid: number): number {
    return this.#bytes.get(pid) ?? 0;
  }
}

function listProcesses(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function readState(pid: string): { group: number; bytes: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The program's name stands in brackets and may hold anything, brackets included.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { group: Number(fields[2]), bytes: Number(fields[21]) * pageBytes };
  } catch {
    // It has ended since it was listed.
    return undefined;
  }
}
