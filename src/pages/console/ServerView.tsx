import { Badge, Notice } from "../ui/Notice.tsx";
import { Said } from "../ui/Said.tsx";
import { visible } from "../ui/visible.ts";
import type { Server, ServerEvent } from "./berth.ts";
import { CallLog, Charts } from "./Calls.tsx";
import { Tools } from "./Tools.tsx";
import type { Words } from "./words.en.ts";
import { useWords } from "./words.ts";

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
  const { state: say } = useWords().words;
  const { starts, startFailures } = server.counts;
  const endings = Object.entries(server.endings).filter(([, count]) => count > 0);
  const rows = [
    [say.implementation, server.implementation ?? "–"],
    [say.ping, server.pingMs === null ? "–" : `${server.pingMs.toFixed(1)} ms`],
    [say.starts, say.startCounts(String(starts), String(startFailures))],
    [say.endings, endings.map(([reason, count]) => `${reason} ${count}`).join(", ") || say.none],
    [say.reloads, String(server.counts.reloads)],
    [say.refused, String(server.counts.refused)],
    [say.waiting, String(server.waitingCount)],
    [say.lastFailure, server.lastFailure ?? say.noFailure],
    [say.content, server.story.sha256 ?? "–"],
    [say.signedBy, server.story.signedBy ?? say.unsigned],
    ...server.children.map(({ pid, state, callCount, rssBytes, taskCount }) => [
      say.child(String(pid)),
      say.childDoes(state, String(callCount), (rssBytes / 1e6).toFixed(0), String(taskCount)),
    ]),
  ];
  return (
    <section className="card" aria-label={say.title}>
      <h2>{say.title}</h2>
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
  const { permissions: say } = useWords().words;
  const { asks, grants, may } = server.story;
  const blocked = events
    .filter(({ kind }) => kind === "blocked")
    .map(({ attempt, reason }) => say.refused(String(attempt), String(reason)));
  const addresses = server.uses.map((use) => wordsOfUse(use, say));
  const used = [...wordsOfFiles(server, say), ...addresses, ...new Set(blocked)];
  return (
    <section className="card" aria-label={say.title}>
      <h2>{say.title}</h2>
      <Lines title={say.asks} lines={asks} none={say.saysNothing} />
      <Lines title={say.grants} lines={grants} none={say.nothing} />
      <Lines title={say.may} lines={may} none={say.cannotStart} />
      <Lines title={say.used} lines={used} none={say.unused} />
      {server.notEnforced.length > 0 && (
        <Notice tone="warn">
          {say.notEnforced} <Said text={server.notEnforced.join("; ")} limit={1_000} />
        </Notice>
      )}
    </section>
  );
}

/** The files that it has used, and what nobody looks at; nothing before its first start. */
function wordsOfFiles({ fileUses, children }: Server, say: Words["permissions"]): string[] {
  if (fileUses === null || children.length === 0) return [];
  const { uses, areReadsTold, areWritesTold } = fileUses;
  return [
    ...uses.map(({ used, path }) => (used === "read" ? say.read(path) : say.wrote(path))),
    ...(areReadsTold ? [] : [say.readsNotTold]),
    ...(areWritesTold ? [] : [say.writesNotTold]),
  ];
}

function wordsOfUse(use: Server["uses"][number], say: Words["permissions"]): string {
  const { address, connectionCount, refusedCount, lastAt } = use;
  const reached = connectionCount > 0 ? say.reached(address, String(connectionCount)) : "";
  const refused = refusedCount > 0 ? say.refusedAddress(address, String(refusedCount)) : "";
  return [reached, refused, say.last(lastAt.slice(11, 19))].filter(Boolean).join(", ");
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
  const { words } = useWords();
  const shown = events.filter(({ kind }) => !quietKinds.has(kind)).slice(-shownCount);
  return (
    <section className="card" aria-label={words.happened}>
      <h2>{words.happened}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard. */}
      <div className="tail" role="log" aria-label={words.happened} tabIndex={0}>
        {shown.map(({ at, kind, reason, detail, limit, tookMs, generation, place }) => (
          <div key={place}>
            {at.slice(11, 19)} <strong>{kind}</strong>{" "}
            <Said
              text={[
                reason,
                limit,
                detail,
                tookMs === undefined ? undefined : `${tookMs} ms`,
                generation === undefined ? undefined : words.generation(String(generation)),
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
  const { words } = useWords();
  const lines = events.filter(({ kind }) => kind === "stderr").slice(-shownCount);
  return (
    <section className="card" aria-label="stderr">
      <h2>stderr</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard. */}
      <div className="tail" role="log" aria-label="stderr" tabIndex={0}>
        {lines.length === 0 && words.nothingYet}
        {lines.map(({ place, line }) => (
          <div key={place}>
            <Said text={String(line)} limit={2_000} />
          </div>
        ))}
      </div>
    </section>
  );
}
