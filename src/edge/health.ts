import { head, type MetricSource, sample, tellServers } from "../wire/metrics.ts";
import type { Hosted } from "./hosted.ts";

export interface HealthSources {
  hosted: readonly Hosted[];
  /** How permissions are enforced: `enforce` or `best-effort`. */
  mode: string;
}

/** Health, readiness and metrics; undefined for any other path. They tell names and states, never arguments. */
export function answerHealth(
  path: string,
  sources: HealthSources,
): Response | Promise<Response> | undefined {
  switch (path) {
    case "/health":
    case "/healthz":
      return Response.json({ status: "UP" });
    case "/health/ready":
    case "/readyz":
      return answerReady(sources);
    case "/metrics":
      return new Response(`${tellPools(sources).join("\n")}\n`, {
        headers: { "content-type": "text/plain; version=0.0.4" },
      });
    default:
      return undefined;
  }
}

async function answerReady({ hosted, mode }: HealthSources): Promise<Response> {
  const servers = await Promise.all(
    hosted.map(async (one) => {
      const { notEnforced } = one;
      return [one.name, { ...(await one.check()), ...(notEnforced.length > 0 && { notEnforced }) }];
    }),
  );
  const isReady = servers.every(([, state]) => (state as { isReady: boolean }).isReady);
  const body = { status: isReady ? "UP" : "DOWN", mode, servers: Object.fromEntries(servers) };
  return Response.json(body, { status: isReady ? 200 : 503 });
}

function tellPools({ hosted, mode }: HealthSources): string[] {
  const sources = hosted.flatMap(({ name, mux, fronts }): MetricSource[] =>
    mux && fronts ? [{ labels: labelOf(name), mux, fronts: [fronts.full, fronts.text] }] : [],
  );
  const each = (name: string, measure: (one: Hosted) => number): string[] =>
    hosted.map((one) => sample(name, labelOf(one.name), "", measure(one)));
  return [
    ...tellServers(sources),
    ...head("berth_children", "gauge", "Child processes."),
    ...each("berth_children", ({ pool }) => pool.staff.list().length),
    ...head("berth_child_memory_bytes", "gauge", "Memory of all process groups of a server."),
    ...each("berth_child_memory_bytes", ({ pool }) =>
      pool.staff.list().reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    ),
    ...head("berth_calls_waiting", "gauge", "Calls that wait for a child."),
    ...each("berth_calls_waiting", ({ pool }) => pool.waitingCount),
    ...head("berth_breaker_open", "gauge", "1 while a server that keeps failing is not started."),
    ...each("berth_breaker_open", ({ pool }) => Number(pool.breaker.isOpen)),
    ...head("berth_not_enforced", "gauge", "Kinds of permission that the jail cannot enforce."),
    ...hosted.map((one) =>
      sample("berth_not_enforced", labelOf(one.name), `mode="${mode}"`, one.notEnforced.length),
    ),
    ...tellCounters(hosted),
  ];
}

function tellCounters(hosted: readonly Hosted[]): string[] {
  const counters = [
    ["berth_child_starts_total", "Children started.", "startCount"],
    ["berth_child_start_failures_total", "Starts that failed.", "startFailureCount"],
    ["berth_reloads_total", "Versions of a bundle that took over.", "reloadCount"],
    ["berth_calls_refused_total", "Calls refused by the pool.", "refusedCount"],
    ["berth_noise_lines_total", "Lines of stdout that were no JSON-RPC.", "noiseCount"],
    ["berth_long_lines_total", "Lines of stdout over the bound.", "droppedLineCount"],
  ] as const;
  return [
    ...counters.flatMap(([name, help, key]) => [
      ...head(name, "counter", help),
      ...hosted.map((one) => sample(name, labelOf(one.name), "", one.pool.counters[key])),
    ]),
    ...head("berth_child_endings_total", "counter", "Children that have ended, by reason."),
    ...hosted.flatMap((one) =>
      Object.entries(one.pool.counters.endings).map(([reason, count]) =>
        sample("berth_child_endings_total", labelOf(one.name), `reason="${reason}"`, count),
      ),
    ),
  ];
}

/** Names of servers are checked when the configuration is read. */
function labelOf(name: string): string {
  return `server="${name}"`;
}
