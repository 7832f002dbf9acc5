import { readdirSync, readFileSync } from "node:fs";

/**
 * Room for the tasks of one user that this process cannot see, such as those of another pod under
 * the same user id.
 */
const unseenTasks = 2048;
let limit: number | undefined;

/**
 * A bound for the processes and threads of this user, Berth's and all bundles' together, that
 * nothing sound comes near; it stops a fork without end. The kernel counts by user, so a tight
 * bound would let one bundle starve another. Counted once.
 */
export function userTaskLimit(): number {
  limit ??= countTasks(process.getuid?.() ?? 0) + unseenTasks;
  return limit;
}

function countTasks(uid: number): number {
  let tasks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const [, user, threads] = /^Uid:\s*(\d+)[\s\S]*^Threads:\s*(\d+)/m.exec(readStatus(pid)) ?? [];
    if (Number(user) === uid) tasks += Number(threads);
  }
  return tasks;
}

function readStatus(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "latin1");
  } catch {
    // It has ended since it was listed.
    return "";
  }
}
