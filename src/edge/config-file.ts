import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { AppError } from "../core/fault.ts";
import { type ConfigValues, configSchema } from "./config.ts";
import { checkJson, type JsonSource, readJson } from "./json.ts";

/** Where the configuration comes from. */
export interface ConfigSources {
  /** --config: a file, or a folder of bundles that is served without a file. */
  path?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}

/** A configuration and the folder that its relative paths start from. */
export interface Config extends ConfigValues {
  /** null when there was no file and the defaults count. */
  file: string | null;
  folder: string;
}

/** The file that is looked for where no path is given. */
export const configFile = "berth.json";
const configBytesLimit = 4 * 1024 * 1024;

/** Environment variables that beat the file, for containers: one variable, one key. */
export const environmentKeys: Readonly<
  Record<string, { path: readonly [string, ...string[]]; kind: "text" | "port" | "truth" }>
> = {
  BERTH_BUNDLES: { path: ["bundles"], kind: "text" },
  BERTH_MODE: { path: ["mode"], kind: "text" },
  BERTH_HOST: { path: ["listen", "host"], kind: "text" },
  BERTH_PORT: { path: ["listen", "port"], kind: "port" },
  BERTH_REQUIRE_SIGNATURE: { path: ["requireSignature"], kind: "truth" },
};

/** Reads berth.json: the path that was given, BERTH_CONFIG, or ./berth.json when it exists; else the defaults. */
export function readConfig({ path, env, cwd }: ConfigSources): Config {
  const given = path ?? (env.BERTH_CONFIG || undefined);
  const file = resolve(cwd, given ?? configFile);
  const state = statSync(file, { throwIfNoEntry: false });
  if (state?.isDirectory()) return configOfFolder(file, env);
  if (state === undefined && given === undefined) {
    return { ...check({}, env, configFile), file: null, folder: cwd };
  }
  if (state === undefined || state.size > configBytesLimit) {
    throw new AppError(
      "invalid_config",
      `Cannot read ${JSON.stringify(file)}: ${state ? "it has more than 4 MiB" : "no such file"}`,
      {
        hint: "Give the path of a berth.json, or of a folder of bundles.",
      },
    );
  }
  const value = readJson(readFileSync(file, "utf8"), sourceOf(file));
  return { ...check(value, env, file), file, folder: dirname(file) };
}

/** A folder: its own berth.json when it has one; else the folder holds the bundles. */
function configOfFolder(folder: string, env: ConfigSources["env"]): Config {
  const inside = resolve(folder, configFile);
  if (existsSync(inside)) return readConfig({ path: inside, env, cwd: folder });
  return { ...check({ bundles: "." }, env, folder), file: null, folder };
}

function check(value: unknown, env: ConfigSources["env"], name: string): ConfigValues {
  return checkJson(withEnvironment(value, env), configSchema, sourceOf(name));
}

function sourceOf(name: string): JsonSource {
  return {
    name,
    fault: "invalid_config",
    hint: "See docs/bundles.md of Berth; src/edge/config.ts describes every key.",
  };
}

function withEnvironment(value: unknown, env: ConfigSources["env"]): unknown {
  if (!isRecord(value)) return value;
  let merged: Record<string, unknown> = value;
  for (const [name, { path, kind }] of Object.entries(environmentKeys)) {
    const text = env[name];
    // An empty variable counts as unset, as for every other program of the product.
    if (text !== undefined && text !== "") merged = put(merged, path, parse(name, text, kind));
  }
  return merged;
}

function parse(name: string, text: string, kind: "text" | "port" | "truth"): unknown {
  if (kind === "text") return text;
  if (kind === "port" && /^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  if (kind === "truth" && /^(true|false)$/.test(text)) return text === "true";
  throw new AppError(
    "invalid_config",
    `Cannot start: ${name} is ${JSON.stringify(text)}; expected ${kind === "port" ? "a port of 0 to 65535" : "true or false"}`,
  );
}

function put(
  into: Record<string, unknown>,
  [key, ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (key === undefined) return into;
  if (rest.length === 0) return { ...into, [key]: value };
  const inner = into[key];
  return { ...into, [key]: put(isRecord(inner) ? inner : {}, rest, value) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
