import type { PoolLimits } from "./pool-limits.ts";
import { doubtLimitMs, type EndReason, type Worker } from "./worker.ts";

/** How long a child for single requests is kept after the last one, in milliseconds. */
const visitorIdleLimitMs = 60_000;
/** The part of the memory limit at which another child takes over, while there is still room to finish calls. */
const softMemoryShare = 0.9;

/** A limit that a child has reached, and what follows. */
export interface Due {
  limit: EndReason;
  detail: string;
  action: "stop" | "replace" | "kill";
}

/** Whether a child in any state holds more than it may, or hears nothing any more: then nothing is waited for. */
export function findExcess({ usage, isStuck }: Worker, limits: PoolLimits): Due | undefined {
  const { memoryLimitBytes, taskLimitCount } = limits;
  if (memoryLimitBytes > 0 && usage.rssBytes > memoryLimitBytes) {
    const detail = `it holds ${usage.rssBytes} of ${memoryLimitBytes} bytes of memory`;
    return { limit: "memory", detail, action: "kill" };
  }
  if (taskLimitCount > 0 && usage.taskCount > taskLimitCount) {
    const detail = `it has ${usage.taskCount} processes and threads; ${taskLimitCount} are its limit`;
    return { limit: "tasks", detail, action: "kill" };
  }
  if (isStuck) {
    const detail = `it answered no ping for ${doubtLimitMs} ms after a call had used up its ${limits.callLimitMs} ms`;
    return { limit: "unresponsive", detail, action: "kill" };
  }
  return undefined;
}

/** Which of its limits a ready child has reached, if any. */
export function findDue(
  worker: Worker,
  { limits, nowMs, isListenedTo }: { limits: PoolLimits; nowMs: number; isListenedTo: boolean },
): Due | undefined {
  const { memoryLimitBytes, lifeLimitMs, requestLimitCount } = limits;
  if (memoryLimitBytes > 0 && worker.usage.rssBytes > softMemoryShare * memoryLimitBytes) {
    const detail = `it holds ${worker.usage.rssBytes} of ${memoryLimitBytes} bytes of memory`;
    return { limit: "memory", detail, action: "replace" };
  }
  if (lifeLimitMs > 0 && nowMs - worker.child.startedAtMs > lifeLimitMs) {
    return { limit: "wall_clock", detail: `it is older than ${lifeLimitMs} ms`, action: "replace" };
  }
  if (requestLimitCount > 0 && worker.servedCount >= requestLimitCount) {
    const detail = `it has answered ${worker.servedCount} calls`;
    return { limit: "requests", detail, action: "replace" };
  }
  const idleLimitMs = idleLimitOf(worker, limits, isListenedTo);
  if (worker.isIdle && idleLimitMs > 0 && nowMs - worker.lastUsedAtMs > idleLimitMs) {
    return { limit: "idle", detail: `it had nothing to do for ${idleLimitMs} ms`, action: "stop" };
  }
  return undefined;
}

/** A session's child lives as long as the session; a shared one stays while a client listens to it. */
function idleLimitOf(worker: Worker, limits: PoolLimits, isListenedTo: boolean): number {
  if (typeof worker.lane === "object" || isListenedTo) return 0;
  if (worker.lane === undefined) return limits.idleLimitMs;
  return Math.min(visitorIdleLimitMs, limits.idleLimitMs || visitorIdleLimitMs);
}
