import { readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";

/** Where cgroup v2 tells a container its limits; "max" means none. */
const cpuFile = "/sys/fs/cgroup/cpu.max";
const memoryFile = "/sys/fs/cgroup/memory.max";
/** Where cgroup v1 tells them. */
const oldCpuFolder = "/sys/fs/cgroup/cpu";
const oldMemoryFile = "/sys/fs/cgroup/memory/memory.limit_in_bytes";

/** What one worker takes while it reads an ordinary page, in bytes, and what the rest of the program takes. */
const workerBytes = 220 * 1024 * 1024;
const programBytes = 160 * 1024 * 1024;

/** How many threads are worth having here: the cores that this process may use, and no more than memory allows. */
export function countWorkers(): number {
  const byMemory = Math.floor((memoryLimitBytes() - programBytes) / workerBytes);
  return Math.max(1, Math.min(availableParallelism(), cpuLimit(), byMemory));
}

/** Cores by the CPU quota, at least one; Infinity without a quota. */
function cpuLimit(): number {
  const [quota, period] = (
    read(cpuFile) ??
    `${read(`${oldCpuFolder}/cpu.cfs_quota_us`)} ${read(`${oldCpuFolder}/cpu.cfs_period_us`)}`
  ).split(" ");
  const cores = Number(quota) / Number(period);
  return cores > 0 ? Math.max(1, Math.floor(cores)) : Infinity;
}

function memoryLimitBytes(): number {
  const limit = Number(read(memoryFile) ?? read(oldMemoryFile));
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
