import { Heads } from "../ui/Heads.tsx";
import { Badge } from "../ui/Notice.tsx";
import { Said } from "../ui/Said.tsx";
import type { ServerEvent } from "./berth.ts";

/** The most calls that are listed. */
const listedCount = 100;
/** How much time one point of a chart stands for, in milliseconds, and how many points there are. */
const pointMs = 5_000;
const pointCount = 60;

/** The calls as they end, newest first. */
export function CallLog({ events }: { events: readonly ServerEvent[] }) {
  const calls = events
    .filter(({ kind }) => kind === "call")
    .slice(-listedCount)
    .reverse();
  return (
    <section className="card" aria-label="Calls">
      <h2>Calls</h2>
      {calls.length === 0 && <p className="quiet">No call yet.</p>}
      {calls.length > 0 && (
        <table className="folds">
          <caption className="visually-hidden">Calls, newest first</caption>
          <Heads columns={["Time", "Server", "Call", "Caller", "Outcome", "Took"]} />
          <tbody>
            {calls.map((call) => (
              <CallRow key={call.place} call={call} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function CallRow({ call }: { call: ServerEvent }) {
  const outcome = String(call.outcome);
  return (
    <tr>
      <td data-label="Time">{call.at.slice(11, 23)}</td>
      <td data-label="Server">{call.server}</td>
      <td data-label="Call">
        <Said text={String(call.target ?? call.method)} />
      </td>
      <td data-label="Caller">
        <Said text={String(call.principal ?? "–")} />
      </td>
      <td data-label="Outcome">
        <Badge tone={outcome === "ok" ? "good" : outcome === "cancelled" ? "plain" : "bad"}>
          {outcome}
        </Badge>
      </td>
      <td data-label="Took">{Number(call.durationMs).toFixed(1)} ms</td>
    </tr>
  );
}

/** Throughput and latency of the last calls, over five minutes before `nowMs` of Berth's clock. */
export function Charts({ events, nowMs }: { events: readonly ServerEvent[]; nowMs: number }) {
  const calls = events.filter(({ kind }) => kind === "call");
  const endMs = Math.ceil(nowMs / pointMs) * pointMs;
  const points = Array.from({ length: pointCount }, (_, index) => {
    const fromMs = endMs - (pointCount - index) * pointMs;
    return calls
      .filter(({ at }) => Date.parse(at) >= fromMs && Date.parse(at) < fromMs + pointMs)
      .map(({ durationMs }) => Number(durationMs))
      .sort((one, other) => one - other);
  });
  const rates = points.map((durations) => durations.length / (pointMs / 1_000));
  const latencies = points.map((durations) => durations[Math.floor(durations.length * 0.95)] ?? 0);
  return (
    <div className="split">
      <Chart title="Calls per second" values={rates} digits={1} unit="" />
      <Chart title="Latency, 95th percentile" values={latencies} digits={1} unit=" ms" />
    </div>
  );
}

interface ChartProps {
  title: string;
  values: readonly number[];
  digits: number;
  unit: string;
}

function Chart({ title, values, digits, unit }: ChartProps) {
  const most = Math.max(...values);
  const height = (value: number) => 100 - (most === 0 ? 0 : (value / most) * 95);
  const line = values.map((value, index) => `${index},${height(value)}`).join(" ");
  const told = `${(values.at(-1) ?? 0).toFixed(digits)}${unit} now, ${most.toFixed(digits)}${unit} at most in five minutes`;
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      <svg
        className="chart"
        viewBox={`0 0 ${values.length - 1} 100`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${told}`}
      >
        <polyline points={line} />
      </svg>
      <span className="row ends quiet small" aria-hidden="true">
        <span>5 min ago</span>
        <span>{told}</span>
        <span>now</span>
      </span>
    </section>
  );
}
