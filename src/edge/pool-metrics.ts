import { type Metric, one, tellMetrics, tellTable } from "../wire/metrics.ts";
import type { Hosted } from "./hosted.ts";

/** One server to tell about. */
interface PoolSource {
  hosted: Hosted;
  labels: { server: string };
}

const table: readonly Metric<PoolSource>[] = [
  {
    name: "berth_children",
    type: "gauge",
    help: "Child processes.",
    samples: ({ hosted }) => one(hosted.pool.roster.list().length),
  },
  {
    name: "berth_child_memory_bytes",
    type: "gauge",
    help: "Memory of all process groups of a server.",
    samples: ({ hosted }) =>
      one(hosted.pool.roster.list().reduce((sum, { usage }) => sum + usage.rssBytes, 0)),
  },
  {
    name: "berth_child_tasks",
    type: "gauge",
    help: "Processes and threads of all process groups of a server.",
    samples: ({ hosted }) =>
      one(hosted.pool.roster.list().reduce((sum, { usage }) => sum + usage.taskCount, 0)),
  },
  {
    name: "berth_calls_waiting",
    type: "gauge",
    help: "Calls that wait for a child.",
    samples: ({ hosted }) => one(hosted.pool.waitingCount),
  },
  {
    name: "berth_breaker_open",
    type: "gauge",
    help: "1 while a server that keeps failing is not started.",
    samples: ({ hosted }) => one(Number(hosted.pool.breaker.isOpen)),
  },
  {
    name: "berth_not_enforced",
    type: "gauge",
    help: "What of a server's permissions the kernel does not enforce, counted.",
    samples: ({ hosted }) => one(hosted.notEnforced.length),
  },
  {
    name: "berth_blocked_total",
    type: "counter",
    help: "Different attempts of children that their jails refused.",
    samples: ({ hosted }) => one(hosted.pool.counters.blockedCount),
  },
  {
    name: "berth_child_starts_total",
    type: "counter",
    help: "Children started, and starts that failed.",
    samples: ({ hosted: { pool } }) => [
      ["", { outcome: "ok" }, pool.counters.startCount - pool.counters.startFailureCount],
      ["", { outcome: "failed" }, pool.counters.startFailureCount],
    ],
  },
  {
    name: "berth_child_endings_total",
    type: "counter",
    help: "Children that have ended, by reason.",
    samples: ({ hosted }) =>
      Object.entries(hosted.pool.counters.endings).map(([reason, count]) => [
        "",
        { reason },
        count,
      ]),
  },
  {
    name: "berth_reloads_total",
    type: "counter",
    help: "Versions of a bundle that took over.",
    samples: ({ hosted }) => one(hosted.pool.counters.reloadCount),
  },
  {
    name: "berth_calls_refused_total",
    type: "counter",
    help: "Calls that no child was found for.",
    samples: ({ hosted }) => one(hosted.pool.counters.refusedCount),
  },
  {
    name: "berth_stdout_dropped_total",
    type: "counter",
    help: "Lines of stdout that were no JSON-RPC, or longer than the bound.",
    samples: ({ hosted: { pool } }) => [
      ["", { reason: "noise" }, pool.noiseCount],
      ["", { reason: "too_long" }, pool.counters.droppedLineCount],
    ],
  },
];

/** What `/metrics` of a gateway answers: the fronts and the pools, each line with its server's name. */
export function tellGateway(hosted: readonly Hosted[]): string {
  const fronts = hosted.flatMap(({ name, mux, frontCounts }) =>
    mux === undefined ? [] : [{ mux, front: { counts: frontCounts }, labels: { server: name } }],
  );
  const pools = hosted.map((one) => ({ hosted: one, labels: { server: one.name } }));
  return tellMetrics(fronts) + tellTable(table, pools);
}
