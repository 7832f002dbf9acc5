import { existsSync, readdirSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { AppError } from "../core/fault.ts";
import { type Bundle, openBundle, openCommand } from "./bundle.ts";
import { type ConfigText, type ServerConfig, serverName } from "./config.ts";
import type { Config } from "./config-file.ts";
import { resolveText, type TextSources } from "./config-text.ts";
import { type Host, thisHost } from "./host.ts";
import { repairFolder } from "./install.ts";
import { manifestFile } from "./manifest.ts";
import { readPublicKey, type TrustedKey } from "./signature.ts";
import { revealText } from "./text.ts";
import type { UserValue } from "./user-config.ts";

/** A server that the configuration knows, before it is opened. */
export interface ServerEntry {
  name: string;
  config: ServerConfig;
  /** The bundle's folder; null for a command. */
  folder: string | null;
}

/** Where installed bundles are. */
export function bundlesFolderOf(config: Config): string {
  return resolve(config.folder, config.bundles);
}

/** Every server: the entries of berth.json, and the installed bundles that no entry names, which are granted nothing. */
export function listServers(config: Config): ServerEntry[] {
  const bundlesFolder = bundlesFolderOf(config);
  const named = Object.entries(config.mcpServers).map(([name, server]) => ({
    name,
    config: server,
    folder: server.command === undefined ? folderOf(name, server, config) : null,
  }));
  const used = new Set(named.map(({ folder }) => folder));
  const rest = listInstalled(bundlesFolder)
    .map((name) => ({ name, config: {}, folder: join(bundlesFolder, name) }))
    .filter(({ name, folder }) => !used.has(folder) && config.mcpServers[name] === undefined);
  return [...named, ...rest].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The names of the folders that hold a bundle, after what a killed installation left has been put right. */
export function listInstalled(bundlesFolder: string): string[] {
  if (!existsSync(bundlesFolder)) return [];
  repairFolder(bundlesFolder);
  return readdirSync(bundlesFolder)
    .filter((name) => !name.startsWith(".") && existsSync(join(bundlesFolder, name, manifestFile)))
    .sort();
}

/** Opens one server for starting it, its texts resolved from environment and files. */
export function openServer(
  entry: ServerEntry,
  config: Config,
  sources: { env: TextSources["env"]; host?: Host },
): Bundle {
  const { name, config: server } = entry;
  const texts: TextSources = { env: sources.env, folder: config.folder };
  const at = `mcpServers.${name}`;
  const { host = thisHost(sources.env.PATH) } = sources;
  if (server.command !== undefined)
    return openCommand(name, commandLineOf(server, at, texts), host);
  const folder = checkInstalled(entry, config);
  const userConfig = Object.entries(server.userConfig ?? {}).map(
    ([key, value]) => [key, resolveUserValue(value, `${at}.userConfig.${key}`, texts)] as const,
  );
  const bundle = openBundle(folder, {
    name,
    sha256: server.sha256,
    userConfig: Object.fromEntries(userConfig),
    settingsBase: config.folder,
    host,
  });
  checkSigned(bundle, config);
  const env = resolveEnv(server.env, at, texts);
  return {
    ...bundle,
    command: [...bundle.command, ...resolveArgs(server.args, at, texts)],
    env: { ...bundle.env, ...env },
  };
}

/** The public keys of berth.json. */
export function readTrustedKeys(config: Config, env: TextSources["env"]): TrustedKey[] {
  const texts: TextSources = { env, folder: config.folder };
  return config.trustedKeys.map(({ name, key }, index) =>
    readPublicKey(name, revealText(resolveText(key, `trustedKeys[${index}].key`, texts))),
  );
}

function folderOf(name: string, server: ServerConfig, config: Config): string {
  const bundle = server.bundle ?? name;
  if (isAbsolute(bundle) || bundle.startsWith(".")) return resolve(config.folder, bundle);
  return join(bundlesFolderOf(config), bundle);
}

function checkInstalled({ name, folder, config: server }: ServerEntry, config: Config): string {
  if (!serverName.safeParse(name).success) {
    throw new AppError(
      "invalid_config",
      `Cannot open the folder ${JSON.stringify(name)}: its name has no form for addresses`,
      {
        hint: "Rename it to lower case letters, digits, - and _, or name it with bundle in an entry of berth.json.",
      },
    );
  }
  if (folder !== null && existsSync(join(folder, manifestFile))) return folder;
  throw new AppError(
    "invalid_config",
    `Cannot open mcpServers.${name}: no bundle "${server.bundle ?? name}" in ${JSON.stringify(bundlesFolderOf(config))}`,
    { hint: "Install it with `berth add <file>`, or give the entry a command." },
  );
}

/** A key that was taken out of berth.json takes what it signed out of service. */
function checkSigned({ name, signedBy }: Bundle, config: Config): void {
  if (!config.requireSignature || config.trustedKeys.some((key) => key.name === signedBy)) return;
  const state =
    signedBy === null
      ? "no trusted key has signed it"
      : `its signer "${signedBy}" is not in trustedKeys`;
  throw new AppError("forbidden", `Cannot open mcpServers.${name}: ${state}`, {
    hint: "Install a signed bundle with `berth add`, its publisher's key being in trustedKeys of berth.json.",
  });
}

function commandLineOf(server: ServerConfig, at: string, texts: TextSources) {
  return {
    command: server.command?.includes("/")
      ? resolve(texts.folder, server.command)
      : (server.command ?? ""),
    args: resolveArgs(server.args, at, texts),
    env: resolveEnv(server.env, at, texts),
    cwd: resolve(texts.folder, server.cwd ?? "."),
  };
}

function resolveArgs(args: readonly ConfigText[] | undefined, at: string, texts: TextSources) {
  return (args ?? []).map((arg, index) => resolveText(arg, `${at}.args[${index}]`, texts));
}

function resolveEnv(
  env: Readonly<Record<string, ConfigText>> | undefined,
  at: string,
  texts: TextSources,
) {
  const resolved = Object.entries(env ?? {}).map(
    ([key, value]) => [key, resolveText(value, `${at}.env.${key}`, texts)] as const,
  );
  return Object.fromEntries(resolved);
}

function resolveUserValue(
  value: NonNullable<ServerConfig["userConfig"]>[string],
  at: string,
  texts: TextSources,
): UserValue {
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (!Array.isArray(value)) return resolveText(value, at, texts);
  return value.map((part, index) => resolveText(part, `${at}[${index}]`, texts));
}
