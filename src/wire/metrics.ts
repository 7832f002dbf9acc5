import { type Durations, durationBoundsMs, type Outcome } from "./counters.ts";
import type { Front } from "./front.ts";
import type { Mux } from "./mux.ts";

/** What `/metrics` answers: the Prometheus text format, version 0.0.4. */
export function tellMetrics(mux: Mux, front: Front): string {
  const { counters } = mux;
  const lines = [
    ...gauge(
      "berth_up",
      "1 when the MCP server behind the front is usable.",
      Number(mux.peer.isReady),
    ),
    ...gauge("berth_calls_in_flight", "Requests that the server is working on.", mux.calls.count),
    ...gauge(
      "berth_asks_in_flight",
      "Requests of the server that wait for a client.",
      mux.asks.count,
    ),
    ...gauge("berth_clients", "Clients that are connected.", mux.clients.size),
    "# HELP berth_open What is open on the HTTP front, by kind.",
    "# TYPE berth_open gauge",
    ...Object.entries(front.counts).map(([kind, count]) => `berth_open{kind="${kind}"} ${count}`),
    ...counter("berth_refused_total", "Requests refused at a bound.", counters.refusedCount),
    ...counter("berth_late_total", "Answers that nobody waited for.", counters.lateCount),
    ...counter("berth_ownerless_total", "Messages that named no client.", counters.ownerlessCount),
    "# HELP berth_request_duration_seconds How long the server took to answer.",
    "# TYPE berth_request_duration_seconds histogram",
    ...[...counters.methods].flatMap(([method, durations]) => histogram(method, durations)),
    "# HELP berth_requests_total Requests that have ended.",
    "# TYPE berth_requests_total counter",
    ...[...counters.methods].flatMap(([method, durations]) => outcomes(method, durations)),
  ];
  return `${lines.join("\n")}\n`;
}

function gauge(name: string, help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`];
}

function counter(name: string, help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} counter`, `${name} ${value}`];
}

function histogram(method: string, { buckets, sumMs }: Durations): string[] {
  const name = "berth_request_duration_seconds";
  const label = `method="${labelText(method)}"`;
  let count = 0;
  const lines = durationBoundsMs.map((boundMs, index) => {
    count += buckets[index] ?? 0;
    return `${name}_bucket{${label},le="${boundMs / 1000}"} ${count}`;
  });
  count += buckets[durationBoundsMs.length] ?? 0;
  return [
    ...lines,
    `${name}_bucket{${label},le="+Inf"} ${count}`,
    `${name}_sum{${label}} ${sumMs / 1000}`,
    `${name}_count{${label}} ${count}`,
  ];
}

function outcomes(method: string, { outcomes: counts }: Durations): string[] {
  return (["ok", "error", "cancelled"] satisfies Outcome[]).map(
    (outcome) =>
      `berth_requests_total{method="${labelText(method)}",outcome="${outcome}"} ${counts[outcome]}`,
  );
}

/** Methods are chosen by clients, so they are cut and escaped. */
function labelText(label: string): string {
  return label.slice(0, 64).replace(/[^\w./$-]/g, "_");
}
