import { AppError } from "../core/fault.ts";
import type { Refusal } from "./jail/refusal.ts";
import type { CallRecord } from "./pool-call.ts";
import type { EndReason, Worker } from "./worker.ts";

/** What happens in a pool, for logs, `berth tail` and metrics. */
export type PoolEvent =
  | { kind: "boot"; child: number; generation: number; notEnforced: readonly string[] }
  | { kind: "ready"; child: number; generation: number; tookMs: number; implementation: string }
  | { kind: "stderr"; child: number; line: string }
  | { kind: "blocked"; child: number; call: string; attempt: string; reason: string }
  | { kind: "limit"; child: number; limit: EndReason; detail: string }
  | { kind: "exit"; child: number; reason: EndReason; detail: string; stderr: readonly string[] }
  | { kind: "start_failed"; detail: string; hint?: string; nextTryMs: number }
  | { kind: "reload"; generation: number }
  | { kind: "reload_failed"; detail: string }
  | { kind: "refused"; detail: string };

/** Why a start has failed, from what was thrown or from what its child said; an error that can be acted on says how. */
export function failureOf(failure: unknown): { detail: string; hint?: string } {
  if (typeof failure === "string") return { detail: failure };
  if (!(failure instanceof Error)) return { detail: String(failure) };
  const hint = failure instanceof AppError ? failure.hint : undefined;
  return { detail: failure.message, ...(hint !== undefined && { hint }) };
}

export interface PoolListener {
  onEvent(event: PoolEvent): void;
  onCall(record: CallRecord): void;
}

/** What a pool has done since it was opened. */
export class PoolCounters {
  startCount = 0;
  startFailureCount = 0;
  reloadCount = 0;
  refusedCount = 0;
  /** What children tried and their jails refused. */
  blockedCount = 0;
  noiseCount = 0;
  droppedLineCount = 0;
  readonly endings: Record<EndReason, number> = {
    start: 0,
    crash: 0,
    idle: 0,
    memory: 0,
    tasks: 0,
    storage: 0,
    wall_clock: 0,
    unresponsive: 0,
    requests: 0,
    reload: 0,
    session_end: 0,
    stop: 0,
  };
}

function bootOf({ child, generation, launch }: Worker): PoolEvent {
  const { notEnforced = [] } = launch;
  return { kind: "boot", child: child.pid, generation, notEnforced };
}

function readyOf({ child, generation, initializeResult }: Worker): PoolEvent {
  const tookMs = Math.round(performance.now() - child.startedAtMs);
  const { name = "", version = "" } = initializeResult?.serverInfo ?? {};
  const implementation = `${name} ${version}`.trim();
  return { kind: "ready", child: child.pid, generation, tookMs, implementation };
}

/** How many of the last lines of stderr go into the report of an ending. */
const lastLineCount = 20;

function exitOf({ child }: Worker, reason: EndReason, detail: string): PoolEvent {
  const stderr = child.tailStderr(lastLineCount);
  return { kind: "exit", child: child.pid, reason, detail, stderr };
}

function blockedOf(child: number, refusal: Refusal, counters: PoolCounters): PoolEvent {
  counters.blockedCount++;
  return { kind: "blocked", child, ...refusal };
}

/** Events as they are made of a child. */
export const eventOf = {
  boot: bootOf,
  ready: readyOf,
  exit: exitOf,
  blocked: blockedOf,
} as const;
