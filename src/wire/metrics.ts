import { type Durations, durationBoundsMs } from "./counters.ts";
import type { Front } from "./front.ts";
import type { Mux } from "./mux.ts";

/** One server to tell about. */
export interface MetricsSource {
  mux: Mux;
  front: Pick<Front, "counts">;
  /** Tells it from the others, for example by the name of its bundle. */
  labels?: Readonly<Record<string, string>>;
}

type Labels = Readonly<Record<string, string | number>>;
/** One line: what follows the metric's name, its labels and its value. */
export type Sample = [suffix: string, labels: Labels, value: number];

/** One metric of each source. */
export interface Metric<Source> {
  name: string;
  type: "gauge" | "counter" | "histogram";
  help: string;
  samples(source: Source): Sample[];
}

/** A metric with one value. */
export const one = (value: number): Sample[] => [["", {}, value]];

const metrics: readonly Metric<MetricsSource>[] = [
  {
    name: "berth_up",
    type: "gauge",
    help: "1 when the MCP server behind the front is usable.",
    samples: ({ mux }) => one(Number(mux.peer.isReady)),
  },
  {
    name: "berth_calls_in_flight",
    type: "gauge",
    help: "Requests that the server is working on.",
    samples: ({ mux }) => one(mux.calls.count),
  },
  {
    name: "berth_asks_in_flight",
    type: "gauge",
    help: "Requests of the server that wait for a client.",
    samples: ({ mux }) => one(mux.asks.count),
  },
  {
    name: "berth_clients",
    type: "gauge",
    help: "Clients that are connected.",
    samples: ({ mux }) => one(mux.clients.size),
  },
  {
    name: "berth_open",
    type: "gauge",
    help: "What is open on the HTTP front, by kind.",
    samples: ({ front }) =>
      Object.entries(front.counts).map(([kind, count]) => ["", { kind }, count]),
  },
  {
    name: "berth_dropped_total",
    type: "counter",
    help: "Refused at a bound, answered too late, or sent without saying for whom.",
    samples: ({ mux: { counters } }) => [
      ["", { reason: "refused" }, counters.refusedCount],
      ["", { reason: "late" }, counters.lateCount],
      ["", { reason: "ownerless" }, counters.ownerlessCount],
    ],
  },
  {
    name: "berth_requests_total",
    type: "counter",
    help: "Requests that have ended, by how they ended.",
    samples: ({ mux }) =>
      [...mux.counters.methods].flatMap(([method, { outcomes }]) =>
        Object.entries(outcomes).map(
          ([outcome, count]): Sample => ["", { method, outcome }, count],
        ),
      ),
  },
  {
    name: "berth_request_duration_seconds",
    type: "histogram",
    help: "How long the server took to answer.",
    samples: ({ mux }) =>
      [...mux.counters.methods].flatMap(([method, durations]) => histogram(method, durations)),
  },
];

/** What `/metrics` answers: the Prometheus text format, version 0.0.4. */
export function tellMetrics(sources: readonly MetricsSource[]): string {
  return tellTable(metrics, sources);
}

/** A table of metrics in that format: each name once, with the samples of every source below it. */
export function tellTable<Source extends { labels?: Labels }>(
  table: readonly Metric<Source>[],
  sources: readonly Source[],
): string {
  const lines = table.flatMap((metric) => [
    `# HELP ${metric.name} ${metric.help}`,
    `# TYPE ${metric.name} ${metric.type}`,
    ...sources.flatMap((source) =>
      metric
        .samples(source)
        .map(([suffix, labels, value]) =>
          line(metric.name + suffix, { ...source.labels, ...labels }, value),
        ),
    ),
  ]);
  return `${lines.join("\n")}\n`;
}

function histogram(method: string, { buckets, sumMs }: Durations): Sample[] {
  let count = 0;
  const samples = [...durationBoundsMs, Number.POSITIVE_INFINITY].map((boundMs, index): Sample => {
    count += buckets[index] ?? 0;
    const le = Number.isFinite(boundMs) ? boundMs / 1000 : "+Inf";
    return ["_bucket", { method, le }, count];
  });
  return [...samples, ["_sum", { method }, sumMs / 1000], ["_count", { method }, count]];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, label]) => `${key}="${labelText(label)}"`);
  return pairs.length === 0 ? `${name} ${value}` : `${name}{${pairs.join()}} ${value}`;
}

/** Methods are chosen by clients, so labels are cut and escaped. */
function labelText(label: string | number): string {
  return String(label)
    .slice(0, 64)
    .replace(/[^\w./$+-]/g, "_");
}
