import { existsSync, readFileSync } from "node:fs";

/** Kills a PostgreSQL server and all its processes with SIGKILL, as a power cut would, and waits until they are gone. */
export async function killPostgres(pid: number): Promise<void> {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  const all = [pid, ...children.filter(Boolean).map(Number)];
  for (const victim of all) {
    try {
      process.kill(victim, "SIGKILL");
    } catch {
      // It ended by itself when the server did.
    }
  }
  while (all.some(isRunning)) await Bun.sleep(5);
}

function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  // A zombie has ended and only waits for its parent to notice.
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}
