/** How long a child may take to end after its stdin has ended, in milliseconds. */
export const endOfInputLimitMs = 2_000;
/** How long it may take after SIGTERM, in milliseconds; then comes SIGKILL. */
export const terminateLimitMs = 2_000;

/** Sends a signal to every process of a group. A group that is gone already is what was wanted. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nobody is left.
  }
}

/** Waits for a child whose stdin has ended, then sends SIGTERM, then SIGKILL, each to the whole group. */
export async function endGroup(pid: number, exited: Promise<unknown>): Promise<void> {
  if (await settlesWithin(exited, endOfInputLimitMs)) return;
  signalGroup(pid, "SIGTERM");
  if (await settlesWithin(exited, terminateLimitMs)) return;
  signalGroup(pid, "SIGKILL");
  await exited;
}

/** Whether a promise settles within its time. The timer of one that does keeps no process alive. */
export async function settlesWithin(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const isSettled = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return isSettled;
}
