import { call } from "../ui/api.ts";
import { Heads } from "../ui/Heads.tsx";
import { useLoad } from "../ui/load.ts";
import { Badge, Loading, Problem } from "../ui/Notice.tsx";
import { usePolling } from "../ui/polling.ts";
import { linkTo, usePlace } from "../ui/route.ts";
import { Said } from "../ui/Said.tsx";
import { Shell } from "../ui/Shell.tsx";
import { SignIn } from "../ui/SignIn.tsx";
import type { ConsoleState, Server } from "./berth.ts";
import { CallLog, Charts } from "./Calls.tsx";
import { Registration } from "./Registration.tsx";
import { ServerView } from "./ServerView.tsx";
import { useEvents } from "./useEvents.ts";
import { useWords } from "./words.ts";

/** How often the state is read again, in milliseconds. */
const pollMs = 2_000;

/** The console of Berth: every server with its state, its calls as they happen, and how to register it. */
export function Console() {
  const { words } = useWords();
  const { path } = usePlace();
  const state = useLoad("state", (signal) => call<ConsoleState>("console/state", { signal }));
  usePolling(state.reload, pollMs);
  const servers = state.value?.servers ?? [];
  const { events, isLive } = useEvents(state.value?.caller.mayTail === true);
  const chosen = servers.find(({ name }) => path === `/${name}`);
  const links = [
    { path: "/", label: words.allServers },
    ...servers.map(({ name }) => ({ path: `/${name}`, label: name })),
    { path: "/register/", label: words.registration },
  ];
  const isRefused = state.error?.status === 401;
  return (
    <Shell
      title="Berth"
      heading={chosen?.name ?? words.console}
      path={path}
      links={links}
      navigation={words.servers}
    >
      {isRefused ? (
        <SignIn ask={words.signIn} onDone={state.reload} />
      ) : (
        <Problem error={state.error} />
      )}
      {state.value === undefined && state.error === undefined && <Loading />}
      {state.value && path === "/" && (
        <>
          <Overview state={state.value} isLive={isLive} />
          <Charts events={events} nowMs={Date.parse(state.value.at)} />
          <CallLog events={events} />
        </>
      )}
      {chosen && (
        <ServerView
          key={chosen.name}
          server={chosen}
          nowMs={Date.parse(state.value?.at ?? "")}
          events={events.filter(({ server }) => server === chosen.name)}
        />
      )}
      {path === "/register/" && <Registration names={servers.map(({ name }) => name)} />}
    </Shell>
  );
}

function Overview({ state, isLive }: { state: ConsoleState; isLive: boolean }) {
  const { words } = useWords();
  const { columns } = words;
  return (
    <section className="card" aria-label={words.servers}>
      <div className="row ends">
        <h1>{words.servers}</h1>
        <span className="row">
          <Badge tone={state.mode === "enforce" ? "good" : "warn"}>
            {words.permissionMode(state.mode)}
          </Badge>
          <Badge tone={isLive ? "good" : "warn"}>{isLive ? words.live : words.noEvents}</Badge>
          <span className="quiet">
            {words.as} <Said text={state.caller.name} />
          </span>
        </span>
      </div>
      <table className="folds">
        <caption className="visually-hidden">{words.servers}</caption>
        <Heads columns={Object.values(columns)} />
        <tbody>
          {state.servers.map((server) => (
            <ServerRow key={server.name} server={server} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ServerRow({ server }: { server: Server }) {
  const { columns } = useWords().words;
  const bytes = server.children.reduce((sum, { rssBytes }) => sum + rssBytes, 0);
  return (
    <tr>
      <td data-label={columns.server}>
        <a href={linkTo(`/${server.name}`)}>{server.name}</a>
      </td>
      <td data-label={columns.state}>
        <Badge tone={server.isReady ? "good" : "bad"}>
          <Said text={server.state} limit={80} />
        </Badge>
      </td>
      <td data-label={columns.children}>{server.children.length}</td>
      <td data-label={columns.memory}>{(bytes / 1e6).toFixed(0)} MB</td>
      <td data-label={columns.starts}>{server.counts.starts}</td>
      <td data-label={columns.lastFailure}>
        <Said text={server.lastFailure ?? "–"} limit={120} />
      </td>
    </tr>
  );
}
