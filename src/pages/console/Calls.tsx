import { Heads } from "../ui/Heads.tsx";
import { Badge } from "../ui/Notice.tsx";
import { Said } from "../ui/Said.tsx";
import type { ServerEvent } from "./berth.ts";
import { useWords } from "./words.ts";

/** The most calls that are listed. */
const listedCount = 100;
/** How much time one point of a chart stands for, in milliseconds, and how many points there are. */
const pointMs = 5_000;
const pointCount = 60;

/** The calls as they end, newest first. */
export function CallLog({ events }: { events: readonly ServerEvent[] }) {
  const { calls: say } = useWords().words;
  const calls = events
    .filter(({ kind }) => kind === "call")
    .slice(-listedCount)
    .reverse();
  return (
    <section className="card" aria-label={say.title}>
      <h2>{say.title}</h2>
      {calls.length === 0 && <p className="quiet">{say.none}</p>}
      {calls.length > 0 && (
        <table className="folds">
          <caption className="visually-hidden">{say.caption}</caption>
          <Heads columns={[say.time, say.server, say.call, say.caller, say.outcome, say.took]} />
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
  const { calls: say } = useWords().words;
  const outcome = String(call.outcome);
  return (
    <tr>
      <td data-label={say.time}>{call.at.slice(11, 23)}</td>
      <td data-label={say.server}>{call.server}</td>
      <td data-label={say.call}>
        <Said text={String(call.target ?? call.method)} />
      </td>
      <td data-label={say.caller}>
        <Said text={String(call.principal ?? "–")} />
      </td>
      <td data-label={say.outcome}>
        <Badge tone={outcome === "ok" ? "good" : outcome === "cancelled" ? "plain" : "bad"}>
          {outcome}
        </Badge>
      </td>
      <td data-label={say.took}>{Number(call.durationMs).toFixed(1)} ms</td>
    </tr>
  );
}

/** Throughput and latency of the last calls, over five minutes before `nowMs` of Berth's clock. */
export function Charts({ events, nowMs }: { events: readonly ServerEvent[]; nowMs: number }) {
  const { calls: say } = useWords().words;
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
      <Chart title={say.perSecond} values={rates} digits={1} unit="" />
      <Chart title={say.latency} values={latencies} digits={1} unit=" ms" />
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
  const { calls: say } = useWords().words;
  const most = Math.max(...values);
  const height = (value: number) => 100 - (most === 0 ? 0 : (value / most) * 95);
  const line = values.map((value, index) => `${index},${height(value)}`).join(" ");
  const print = (value: number) => `${value.toFixed(digits)}${unit}`;
  const told = say.told(print(values.at(-1) ?? 0), print(most));
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
        <span>{say.ago}</span>
        <span>{told}</span>
        <span>{say.now}</span>
      </span>
    </section>
  );
}
