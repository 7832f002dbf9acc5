import { openPage } from "../pages/assets.ts";
import consolePage from "../pages/console/index.html";
import type { Config } from "./config-file.ts";
import { type BundleStory, readStory } from "./console-bundle.ts";
import { streamAll } from "./console-events.ts";
import { type ServerState, stateOf } from "./console-state.ts";
import type { EgressUse } from "./egress-uses.ts";
import type { FileUses } from "./file-uses.ts";
import type { Hosted } from "./hosted.ts";
import { mayReach, type Principal } from "./principal.ts";
import type { ServerEntry } from "./servers.ts";

/** What the console shows of Berth at one moment. */
export interface ConsoleState {
  /** When that was by Berth's clock, which a reader's may not agree with. */
  at: string;
  /** How permissions are enforced. */
  mode: string;
  caller: { name: string; mayTail: boolean };
  servers: (ServerState & { story: BundleStory; uses: EgressUse[]; fileUses: FileUses | null })[];
}

/** The page for whoever runs Berth. */
export interface Console {
  /** The page and its files, which hold no data and are open; undefined for other paths. */
  answerPage(request: Request, path: string): Promise<Response> | undefined;
  /** The data, for callers that Berth knows: of the servers that they may reach; undefined for other paths. */
  answerData(path: string, caller: Principal): Promise<Response> | Response | undefined;
}

export interface ConsoleOptions {
  hosted: readonly Hosted[];
  entries: readonly ServerEntry[];
  config: Config;
  env: Readonly<Record<string, string | undefined>>;
  usesOf(server: string): EgressUse[];
  fileUsesOf(server: string): FileUses;
}

const assetPath = "console/files/";

export function openConsole(options: ConsoleOptions): Console {
  const { hosted, entries, config, env } = options;
  const page = openPage(consolePage, {
    source: new URL("../pages/console/index.html", import.meta.url),
    assetPath,
  });
  const tell = async (caller: Principal): Promise<Response> => {
    const seen = hosted.filter(({ name }) => mayReach(caller, name));
    const servers = await Promise.all(
      seen.map(async (one) => {
        const entry = entries.find(({ name }) => name === one.name);
        const story = readStory(entry, config, env);
        // Whom a server talks to is not for everybody who may call it.
        const uses = caller.mayTail ? options.usesOf(one.name) : [];
        const fileUses = caller.mayTail ? options.fileUsesOf(one.name) : null;
        return { ...(await stateOf(one, caller.mayTail)), story, uses, fileUses };
      }),
    );
    const { name, mayTail } = caller;
    const at = new Date().toISOString();
    const state: ConsoleState = { at, mode: config.mode, caller: { name, mayTail }, servers };
    return Response.json(state, { headers: { "cache-control": "no-store" } });
  };
  return {
    answerPage(request, path) {
      if (request.method !== "GET" && request.method !== "HEAD") return undefined;
      if (path === "/console") return page.answerDocument(request);
      if (!path.startsWith(`/${assetPath}`)) return undefined;
      const name = path.slice(assetPath.length + 1);
      return page
        .answerAsset(request, name)
        .then((answer) => answer ?? new Response("Not Found", { status: 404 }));
    },
    answerData(path, caller) {
      if (path === "/console/state") return tell(caller);
      if (path !== "/console/events") return undefined;
      if (!caller.mayTail) return Response.json({ message: untold }, { status: 403 });
      return streamAll(hosted.filter(({ name }) => mayReach(caller, name)));
    },
  };
}

const untold = "Cannot follow the servers: the caller may call them and not see their events";
