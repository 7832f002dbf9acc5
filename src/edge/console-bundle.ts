import { AppError } from "../core/fault.ts";
import { inspectBundle } from "./bundle.ts";
import { permissionLines } from "./cli/describe.ts";
import type { Config } from "./config-file.ts";
import { explainPermissions } from "./explain.ts";
import { effectivePermissions, normalizePermissions } from "./grants.ts";
import { askedPermissions } from "./manifest.ts";
import { noPermissions } from "./permissions.ts";
import { openServer, type ServerEntry } from "./servers.ts";

/** What a server is and what it may do, in plain words. */
export interface BundleStory {
  title: string;
  version: string | null;
  description: string;
  sha256: string | null;
  signedBy: string | null;
  /** null where the manifest says nothing, or there is none. */
  asks: string[] | null;
  grants: string[];
  /** What it does in its jail: what it asks for as far as that is granted; null when it cannot be started. */
  may: string[] | null;
  /** Why it cannot be started. */
  problem: string | null;
}

/** How long a story is told again before it is read anew, in milliseconds: the page asks every two seconds. */
const keptMs = 10_000;
const kept = new WeakMap<ServerEntry, { story: BundleStory; atMs: number }>();

/** Reads what a server of the configuration is; `undefined` for one that is not in it. */
export function readStory(
  entry: ServerEntry | undefined,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): BundleStory {
  if (entry === undefined) return { ...nothing, problem: "it is not in the configuration" };
  const known = kept.get(entry);
  if (known !== undefined && performance.now() - known.atMs < keptMs) return known.story;
  const story = tell(entry, config, env);
  kept.set(entry, { story, atMs: performance.now() });
  return story;
}

const nothing: BundleStory = {
  title: "",
  version: null,
  description: "",
  sha256: null,
  signedBy: null,
  asks: null,
  grants: [],
  may: null,
  problem: null,
};

function tell(
  entry: ServerEntry,
  config: Config,
  env: Parameters<typeof readStory>[2],
): BundleStory {
  const granted = entry.config.permissions ?? noPermissions;
  const base = { ...nothing, title: entry.name, grants: permissionLines(granted) };
  try {
    return { ...base, ...manifestOf(entry), may: mayOf(entry, config, env) };
  } catch (error) {
    // A bundle that was damaged after the start is what the reader should see.
    if (!(error instanceof AppError)) throw error;
    return { ...base, problem: error.message };
  }
}

function manifestOf({ folder }: ServerEntry): Partial<BundleStory> {
  if (folder === null) return { description: "A command of berth.json" };
  const { manifest, sha256, lock } = inspectBundle(folder);
  const asked = askedPermissions(manifest);
  return {
    title: manifest.display_name ?? manifest.name,
    version: manifest.version,
    description: manifest.description,
    sha256,
    signedBy: lock?.signedBy ?? null,
    asks: asked === undefined ? null : permissionLines(asked),
  };
}

function mayOf(entry: ServerEntry, config: Config, env: Parameters<typeof readStory>[2]): string[] {
  const { asks, folder } = openServer(entry, config, { env });
  const path = env.PATH ?? "";
  const asked = normalizePermissions(asks, { base: folder, path });
  const granted = normalizePermissions(entry.config.permissions ?? noPermissions, {
    base: config.folder,
    path,
  });
  return explainPermissions(effectivePermissions(asked, granted));
}
