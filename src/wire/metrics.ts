import { type Durations, durationBoundsMs, type Outcome } from "./counters.ts";
import type { Front } from "./front.ts";
import type { Mux } from "./mux.ts";

/** One server to tell of. */
export interface MetricSource {
  /** Labels that every line of it carries, for example `server="ocr"`; empty where there is one server only. */
  labels: string;
  mux: Mux;
  fronts: readonly Front[];
}

/** What `/metrics` answers for one server: the Prometheus text format, version 0.0.4. */
export function tellMetrics(mux: Mux, front: Front): string {
  return `${tellServers([{ labels: "", mux, fronts: [front] }]).join("\n")}\n`;
}

/** The lines of `/metrics` for any number of servers. */
export function tellServers(sources: readonly MetricSource[]): string[] {
  const each = (name: string, measure: (source: MetricSource) => number): string[] =>
    sources.map((source) => sample(name, source.labels, "", measure(source)));
  return [
    ...head("berth_up", "gauge", "1 when the MCP server behind the front is usable."),
    ...each("berth_up", ({ mux }) => Number(mux.peer.isReady)),
    ...head("berth_calls_in_flight", "gauge", "Requests that the server is working on."),
    ...each("berth_calls_in_flight", ({ mux }) => mux.calls.count),
    ...head("berth_asks_in_flight", "gauge", "Requests of the server that wait for a client."),
    ...each("berth_asks_in_flight", ({ mux }) => mux.asks.count),
    ...head("berth_clients", "gauge", "Clients that are connected."),
    ...each("berth_clients", ({ mux }) => mux.clients.size),
    ...head("berth_open", "gauge", "What is open on the HTTP front, by kind."),
    ...sources.flatMap(opened),
    ...head("berth_refused_total", "counter", "Requests refused at a bound."),
    ...each("berth_refused_total", ({ mux }) => mux.counters.refusedCount),
    ...head("berth_late_total", "counter", "Answers that nobody waited for."),
    ...each("berth_late_total", ({ mux }) => mux.counters.lateCount),
    ...head("berth_ownerless_total", "counter", "Messages that named no client."),
    ...each("berth_ownerless_total", ({ mux }) => mux.counters.ownerlessCount),
    ...head("berth_request_duration_seconds", "histogram", "How long the server took to answer."),
    ...sources.flatMap((source) => eachMethod(source, histogram)),
    ...head("berth_requests_total", "counter", "Requests that have ended."),
    ...sources.flatMap((source) => eachMethod(source, outcomes)),
  ];
}

/** The two lines before the samples of a metric. */
export function head(
  name: string,
  type: "gauge" | "counter" | "histogram",
  help: string,
): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

/** One line: a value under its labels. */
export function sample(name: string, labels: string, more: string, value: number): string {
  const all = [labels, more].filter((part) => part !== "").join(",");
  return all === "" ? `${name} ${value}` : `${name}{${all}} ${value}`;
}

/** Labels may be chosen by clients, so they are cut and escaped. */
export function labelText(label: string): string {
  return label.slice(0, 64).replace(/[^\w./$-]/g, "_");
}

function opened({ labels, fronts }: MetricSource): string[] {
  const total: Record<string, number> = {};
  for (const { counts } of fronts) {
    for (const [kind, count] of Object.entries(counts)) total[kind] = (total[kind] ?? 0) + count;
  }
  return Object.entries(total).map(([kind, count]) =>
    sample("berth_open", labels, `kind="${kind}"`, count),
  );
}

function eachMethod(
  { labels, mux }: MetricSource,
  tell: (labels: string, durations: Durations) => string[],
): string[] {
  return [...mux.counters.methods].flatMap(([method, durations]) => {
    const own = `method="${labelText(method)}"`;
    return tell(labels === "" ? own : `${labels},${own}`, durations);
  });
}

function histogram(labels: string, { buckets, sumMs }: Durations): string[] {
  const name = "berth_request_duration_seconds";
  let count = 0;
  const lines = durationBoundsMs.map((boundMs, index) => {
    count += buckets[index] ?? 0;
    return sample(`${name}_bucket`, labels, `le="${boundMs / 1000}"`, count);
  });
  count += buckets[durationBoundsMs.length] ?? 0;
  return [
    ...lines,
    sample(`${name}_bucket`, labels, 'le="+Inf"', count),
    sample(`${name}_sum`, labels, "", sumMs / 1000),
    sample(`${name}_count`, labels, "", count),
  ];
}

function outcomes(labels: string, { outcomes: counts }: Durations): string[] {
  return (["ok", "error", "cancelled"] satisfies Outcome[]).map((outcome) =>
    sample("berth_requests_total", labels, `outcome="${outcome}"`, counts[outcome]),
  );
}
