import type { Hosted } from "./hosted.ts";

/** How one server is doing. */
export interface ServerState {
  name: string;
  isReady: boolean;
  state: string;
  pingMs: number | null;
  /** What it calls itself, once it has been ready. */
  implementation: string | null;
  waitingCount: number;
  children: {
    pid: number;
    state: string;
    callCount: number;
    rssBytes: number;
    taskCount: number;
  }[];
  counts: { starts: number; startFailures: number; reloads: number; refused: number };
  /** How often its children have ended, by reason. */
  endings: Readonly<Record<string, number>>;
  /** Why the last start or run has failed; null where nothing has, or where the caller may not know. */
  lastFailure: string | null;
  /** What the jail cannot enforce here. */
  notEnforced: readonly string[];
}

/** Reads the state of a server; what it last failed of is only for callers who may follow its events. */
export async function stateOf(hosted: Hosted, mayTail: boolean): Promise<ServerState> {
  const { pool } = hosted;
  const { counters, roster, initializeResult } = pool;
  const { isReady, state, pingMs } = await hosted.check();
  const { name = "", version = "" } = initializeResult?.serverInfo ?? {};
  return {
    name: hosted.name,
    isReady,
    state: mayTail ? state : isReady ? "running" : "not ready",
    pingMs: pingMs ?? null,
    implementation: initializeResult === undefined ? null : `${name} ${version}`.trim(),
    waitingCount: pool.waitingCount,
    children: roster.list().map((worker) => ({
      pid: worker.child.pid,
      state: worker.state,
      callCount: worker.calls.size,
      rssBytes: worker.usage.rssBytes,
      taskCount: worker.usage.taskCount,
    })),
    counts: {
      starts: counters.startCount,
      startFailures: counters.startFailureCount,
      reloads: counters.reloadCount,
      refused: counters.refusedCount,
    },
    endings: { ...counters.endings },
    lastFailure: mayTail && pool.breaker.lastReason !== "" ? pool.breaker.lastReason : null,
    notEnforced: hosted.notEnforced,
  };
}
