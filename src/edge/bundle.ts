import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { AppError } from "../core/fault.ts";
import { allPermissions, fillAsks } from "./asks.ts";
import { contentHash, mapContent } from "./content.ts";
import { type Host, thisHost } from "./host.ts";
import { checkLock, findLock, type Lock } from "./lock.ts";
import {
  askedPermissions,
  bundleName,
  type Manifest,
  manifestFile,
  parseManifest,
} from "./manifest.ts";
import type { Permissions } from "./permissions.ts";
import { embeddedRuntime, startCommandOf } from "./start-command.ts";
import type { Text } from "./text.ts";
import { anchorPaths, resolveUserConfig, type UserValue } from "./user-config.ts";
import { systemVariables } from "./variables.ts";

/** A server that is ready to be started: a bundle, or a command of berth.json. */
export interface Bundle {
  /** In addresses and logs; unique among the servers of one Berth. */
  name: string;
  /** null for a command. */
  version: string | null;
  /** Where it lives and starts. */
  folder: string;
  /** null for a command. */
  manifest: Manifest | null;
  kind: "node" | "binary" | "python" | "command";
  /** Program and arguments; no shell reads them. Secrets among them are revealed only to start it. */
  command: readonly Text[];
  /** What it was given; the jail adds its own and nothing of Berth's. */
  env: Readonly<Record<string, Text>>;
  /** The most that it may be granted; what runs is the intersection with the operator's grant. */
  asks: Permissions;
  /** False when it says nothing about permissions and `asks` is therefore everything. */
  hasAsks: boolean;
  /** Of the content; null for a command, whose content is not known. */
  sha256: string | null;
  /** The content was compared with what `berth add` installed, or with a digest in berth.json. */
  isPinned: boolean;
  /** The trusted key that signed what was installed, by its name; null when none did. */
  signedBy: string | null;
}

export interface OpenOptions {
  /** The operator's values for `user_config`. */
  userConfig?: Readonly<Record<string, UserValue>>;
  /** The folder that relative paths among them start from; without it, paths are absolute. */
  settingsBase?: string;
  /** The digest that the content has to have, from berth.json. */
  sha256?: string | undefined;
  /** The name in berth.json, when it differs from the bundle's own. */
  name?: string;
  host?: Host;
}

/** Reads and checks a bundle folder without its settings: what `berth info` and `berth list` show. */
export interface InspectedBundle {
  name: string;
  folder: string;
  manifest: Manifest;
  sha256: string;
  /** Of the installation; null for a folder that was not installed. */
  lock: Lock | null;
}

/** Reads a bundle folder, installed or not, and compares it with its lock. */
export function inspectBundle(path: string): InspectedBundle {
  const folder = resolve(path);
  const file = join(folder, manifestFile);
  if (!existsSync(file)) {
    throw new AppError(
      "not_found",
      `Cannot open the bundle ${JSON.stringify(path)}: it holds no ${manifestFile}`,
      {
        hint: "Give the folder of a bundle, or install an .mcpb file with `berth add <file>`.",
      },
    );
  }
  const lock = findLock(folder) ?? null;
  const content = mapContent(folder);
  // Before the manifest: what was tampered with is not even read.
  if (lock !== null) checkLock(folder, lock, content);
  const manifest = parseManifest(readFileSync(file, "utf8"), file);
  return { name: bundleName(manifest), folder, manifest, sha256: contentHash(content), lock };
}

/** Opens a bundle folder, installed or not, for starting it. */
export function openBundle(path: string, options: OpenOptions = {}): Bundle {
  const { host = thisHost() } = options;
  const { folder, manifest, sha256, lock, name } = inspectBundle(path);
  if (options.sha256 !== undefined && options.sha256 !== sha256) {
    throw new AppError(
      "conflict",
      `Cannot open the bundle "${name}": its content is ${sha256}; berth.json pins ${options.sha256}`,
      {
        hint: "Install the pinned version, or set the new sha256 in berth.json after looking at what changed.",
      },
    );
  }
  const system = systemVariables(folder, host.home);
  const { userConfig = {}, settingsBase: base } = options;
  const given = base === undefined ? userConfig : anchorPaths(manifest, userConfig, base);
  const values = resolveUserConfig(manifest, given, system);
  const variables = new Map([
    ...system,
    ...[...values].map(([key, value]) => [`user_config.${key}`, value] as const),
  ]);
  const asked = askedPermissions(manifest);
  return {
    name: options.name ?? name,
    version: manifest.version,
    folder,
    manifest,
    kind: manifest.server.type,
    ...startCommandOf({ manifest, folder, variables, host }),
    asks: asked === undefined ? allPermissions : fillAsks(asked, folder, variables),
    hasAsks: asked !== undefined,
    sha256,
    isPinned: lock !== null || options.sha256 !== undefined,
    signedBy: lock?.signedBy ?? null,
  };
}

/** A command of berth.json, its texts resolved. */
export interface CommandLine {
  command: string;
  args: readonly Text[];
  env: Readonly<Record<string, Text>>;
  /** Absolute. */
  cwd: string;
  /** What to do when the command is not there; correcting berth.json unless it says otherwise. */
  hint?: string;
}

/** A command of berth.json as a bundle. It has no manifest, so the grant alone says what it may do. */
export function openCommand(name: string, line: CommandLine, host: Host = thisHost()): Bundle {
  const { program, flags, env } = findProgram(name, line, host);
  return {
    name,
    version: null,
    folder: line.cwd,
    manifest: null,
    kind: "command",
    command: [program, ...flags, ...line.args],
    env: { ...line.env, ...env },
    asks: allPermissions,
    hasAsks: false,
    sha256: null,
    isPinned: false,
    signedBy: null,
  };
}

/** A script in front of an interpreter is passed over, unless there is nothing else of its name. */
function findOnPath(command: string, host: Host): string | undefined {
  const isInterpreter = /^(node|bun|python[\d.]*)$/.test(command);
  return (isInterpreter ? host.whichBinary(command) : undefined) ?? host.which(command);
}

function findProgram(name: string, { command, cwd, hint }: CommandLine, host: Host) {
  const none = { flags: [], env: {} };
  const path = command.includes("/") ? resolve(cwd, command) : findOnPath(command, host);
  if (path !== undefined && existsSync(path)) return { program: path, ...none };
  // An image that holds nothing but Berth still has a JavaScript runtime: this one.
  if (command === "node" || command === "bun") {
    return { program: host.runtime, ...embeddedRuntime };
  }
  throw new AppError(
    "invalid_config",
    `Cannot start the server "${name}": its command ${JSON.stringify(command)} is not there`,
    {
      hint:
        hint ?? `Correct mcpServers.${name}.command in berth.json: a program on PATH, or a path.`,
    },
  );
}
