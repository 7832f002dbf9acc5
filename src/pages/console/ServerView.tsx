import { Badge, Notice } from "../ui/Notice.tsx";
import { Said } from "../ui/Said.tsx";
import { visible } from "../ui/visible.ts";
import type { Server, ServerEvent } from "./berth.ts";
import { CallLog, Charts } from "./Calls.tsx";
import { Tools } from "./Tools.tsx";

/** The most lines of stderr and happenings that are shown. */
const shownCount = 200;

export interface ServerViewProps {
  server: Server;
  events: readonly ServerEvent[];
  /** When its state was told, by Berth's clock. */
  nowMs: number;
}

/** One server: what it is, may do and does. */
export function ServerView({ server, events, nowMs }: ServerViewProps) {
  const { story } = server;
  return (
    <>
      <div className="row ends">
        <h1>
          <Said text={story.title} /> <span className="quiet">{story.version}</span>
        </h1>
        <Badge tone={server.isReady ? "good" : "bad"}>
          <Said text={server.state} />
        </Badge>
      </div>
      <p>
        <Said text={story.description} limit={1_000} />
      </p>
      {story.problem && <Notice tone="bad">{visible(story.problem)}</Notice>}
      <div className="split">
        <div className="stack">
          <State server={server} />
          <Permissions server={server} events={events} />
          <Happenings events={events} />
        </div>
        <Tools server={server.name} />
      </div>
      <Charts events={events} nowMs={nowMs} />
      <CallLog events={events} />
      <Stderr events={events} />
    </>
  );
}

function State({ server }: { server: Server }) {
  const endings = Object.entries(server.endings).filter(([, count]) => count > 0);
  const rows = [
    ["Implementation", server.implementation ?? "–"],
    ["Ping", server.pingMs === null ? "–" : `${server.pingMs.toFixed(1)} ms`],
    ["Starts", `${server.counts.starts}, ${server.counts.startFailures} failed`],
    ["Endings", endings.map(([reason, count]) => `${reason} ${count}`).join(", ") || "none"],
    ["Reloads", String(server.counts.reloads)],
    ["Refused calls", String(server.counts.refused)],
    ["Waiting calls", String(server.waitingCount)],
    ["Last failure", server.lastFailure ?? "none"],
    ["Content", server.story.sha256 ?? "–"],
    ["Signed by", server.story.signedBy ?? "no trusted key"],
    ...server.children.map(({ pid, state, callCount, rssBytes, taskCount }) => [
      `Child ${pid}`,
      `${state}, ${callCount} calls, ${(rssBytes / 1e6).toFixed(0)} MB, ${taskCount} tasks`,
    ]),
  ];
  return (
    <section className="card" aria-label="State">
      <h2>State</h2>
      <dl className="pairs">
        {rows.map(([name = "", value = ""]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>
              <Said text={value} limit={500} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Permissions({ server, events }: Pick<ServerViewProps, "server" | "events">) {
  const { asks, grants, may } = server.story;
  const blocked = events.filter(({ kind }) => kind === "blocked").map(wordsOfBlocked);
  const used = [...server.uses.map(wordsOfUse), ...new Set(blocked)];
  return (
    <section className="card" aria-label="Permissions">
      <h2>Permissions</h2>
      <Lines title="Asks for" lines={asks} none="It does not say." />
      <Lines title="Is granted" lines={grants} none="Nothing." />
      <Lines title="May do" lines={may} none="It cannot be started yet." />
      <Lines title="Has used" lines={used} none="No network so far, and nothing was refused." />
      {server.notEnforced.length > 0 && (
        <Notice tone="warn">
          Not enforced here: <Said text={server.notEnforced.join("; ")} limit={1_000} />
        </Notice>
      )}
    </section>
  );
}

function wordsOfBlocked({ attempt, reason }: ServerEvent): string {
  return `Was refused: ${attempt} (${reason}).`;
}

function wordsOfUse(use: Server["uses"][number]): string {
  const { address, connectionCount, refusedCount, lastAt } = use;
  const reached = connectionCount > 0 ? `Reached ${address} ${connectionCount} times` : "";
  const refused = refusedCount > 0 ? `was refused ${address} ${refusedCount} times` : "";
  return `${[reached, refused].filter(Boolean).join(", ")}, last at ${lastAt.slice(11, 19)} UTC.`;
}

function Lines({
  title,
  lines,
  none,
}: {
  title: string;
  lines: readonly string[] | null;
  none: string;
}) {
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {(lines && lines.length > 0 ? lines : [none]).map((line) => (
          <li key={line}>
            <Said text={line} limit={1_000} />
          </li>
        ))}
      </ul>
    </>
  );
}

const quietKinds = new Set(["call", "stderr"]);

function Happenings({ events }: { events: readonly ServerEvent[] }) {
  const shown = events.filter(({ kind }) => !quietKinds.has(kind)).slice(-shownCount);
  return (
    <section className="card" aria-label="What happened">
      <h2>What happened</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard. */}
      <div className="tail" role="log" aria-label="What happened" tabIndex={0}>
        {shown.map(({ at, kind, reason, detail, limit, tookMs, generation, place }) => (
          <div key={place}>
            {at.slice(11, 19)} <strong>{kind}</strong>{" "}
            <Said
              text={[
                reason,
                limit,
                detail,
                tookMs === undefined ? undefined : `${tookMs} ms`,
                generation === undefined ? undefined : `generation ${generation}`,
              ]
                .filter((part) => part !== undefined)
                .join(" · ")}
              limit={500}
            />
          </div>
        ))}
      </div>
    </section>
  );
}

function Stderr({ events }: { events: readonly ServerEvent[] }) {
  const lines = events.filter(({ kind }) => kind === "stderr").slice(-shownCount);
  return (
    <section className="card" aria-label="stderr">
      <h2>stderr</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard. */}
      <div className="tail" role="log" aria-label="stderr" tabIndex={0}>
        {lines.length === 0 && "Nothing yet."}
        {lines.map(({ place, line }) => (
          <div key={place}>
            <Said text={String(line)} limit={2_000} />
          </div>
        ))}
      </div>
    </section>
  );
}
