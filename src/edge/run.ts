import type { Logger } from "../core/log.ts";
import { createMux } from "../wire/mux.ts";
import { serveStdio } from "../wire/stdio.ts";
import { GroupUsage, surgeWatchMs } from "./group-usage.ts";
import type { Refusal } from "./jail/refusal.ts";
import { Pool } from "./pool.ts";
import type { PoolLimits } from "./pool-limits.ts";
import { Reaper } from "./reaper.ts";
import { type CallPolicy, learnTools, stdioCaller } from "./stdio-caller.ts";
import type { Launch } from "./worker.ts";

/** How often limits are looked after, in milliseconds. */
const lookAfterMs = 500;

/** One server for one client. */
export interface StdioRun {
  name: string;
  prepare: () => Promise<Launch>;
  limits: PoolLimits;
  log: Logger;
  /** What its client may call, and where that is recorded. */
  policy: CallPolicy;
  /** Called for each thing that its jail refuses. */
  onBlocked: (refusal: Refusal) => void;
  /** Settles when its jail can no longer be kept. */
  failed: Promise<string>;
}

/** Runs one server for the client on stdin and stdout; settles with why it failed, or with nothing when it was ended. */
export async function runOnStdio(run: StdioRun): Promise<string | undefined> {
  const { name, prepare, limits, log, policy } = run;
  const reaper = new Reaper();
  const usage = new GroupUsage();
  const pool = new Pool({
    prepare,
    reaper,
    usageOf: (pid) => usage.of(pid),
    // Whoever started it ends it.
    limits: { ...limits, idleLimitMs: 0 },
    listener: {
      onEvent: (event) => {
        if (event.kind === "stderr") process.stderr.write(`${event.line}\n`);
        else if (event.kind === "boot" && event.notEnforced.length > 0) {
          log.warn({ server: name, notEnforced: event.notEnforced }, "not enforced");
        } else if (event.kind === "blocked") {
          run.onBlocked(event);
          log.warn({ server: name, ...event }, event.kind);
        } else log.debug({ server: name, ...event }, event.kind);
      },
      onCall: policy.onCall,
    },
    onStale: (what) => {
      if (what === "server") mux?.attach(pool);
      else if (mux !== undefined) {
        mux.peer.forgetLists();
        void learnTools(policy, mux);
      }
    },
  });
  let mux: ReturnType<typeof createMux> | undefined;
  const reason = await pool.whenKnown();
  if (reason !== undefined) {
    await pool.close();
    await reaper.close();
    return reason;
  }
  mux = createMux(pool, { log, callLimitMs: limits.callLimitMs });
  const timers = [
    setInterval(() => {
      usage.poll();
      pool.lookAfter(performance.now());
    }, lookAfterMs),
    setInterval(() => usage.pollOnSurge() && pool.lookAfter(performance.now()), surgeWatchMs),
  ];
  await learnTools(policy, mux);
  const stdio = serveStdio({ mux, log, caller: stdioCaller(policy, mux) });
  const asked = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
      process.once(signal, () => resolve());
  });
  const ended = Promise.race([stdio.ended, asked.then(() => stdio.stop())]);
  const failure = await Promise.race([ended.then(() => undefined), run.failed]);
  // Nobody may be left in a jail that is not one any more.
  if (failure !== undefined) void stdio.stop();
  for (const timer of timers) clearInterval(timer);
  await mux.close();
  await reaper.close();
  return failure;
}
