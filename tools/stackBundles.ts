import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installArchive } from "../src/edge/install.ts";
import { packedBytes } from "../src/edge/pack.ts";
import { type BundleFolder, buildScripts, writeManifest } from "./bundle.ts";
import { permissionOf } from "./packManifest.ts";
import { listUnits, type Unit } from "./units.ts";

/** The values of the servers' own variables, by name: a server is told those that its manifest asks for. */
export type ServerEnv = Readonly<Record<string, string>>;

/**
 * Builds every server's bundle from source, installs it as `berth add` does, and writes the berth.json that grants each
 * what its variables name and nothing else. Returns the file's path and the names of the servers.
 */
export async function installBundles(
  folder: string,
  env: ServerEnv,
): Promise<{ configFile: string; names: string[] }> {
  const units = listUnits().filter(({ kind }) => kind === "server");
  const entries = await Promise.all(
    units.map(async (unit) => [unit.name, await installBundle(unit, folder, env)] as const),
  );
  const config = {
    bundles: "bundles",
    // What this kernel cannot enforce is said at start and in /readyz; a laptop may lack Landlock.
    mode: "best-effort",
    audit: { file: "audit/calls.jsonl" },
    mcpServers: Object.fromEntries(entries),
  };
  mkdirSync(join(folder, "audit"), { recursive: true });
  const configFile = join(folder, "berth.json");
  writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`);
  return { configFile, names: units.map(({ name }) => name) };
}

async function installBundle(
  unit: Unit,
  folder: string,
  env: ServerEnv,
): Promise<Record<string, unknown>> {
  const stage = join(folder, "build", unit.name);
  await buildScripts(unit, join(stage, "server"));
  const { told } = await writeManifest(unit, stage);
  installArchive(packedBytes(stage), {
    bundlesFolder: join(folder, "bundles"),
    trustedKeys: [],
    requireSignature: false,
  });
  return entryOf(told, env);
}

/** A server's settings, and the permission for exactly what they name. */
function entryOf({ settings }: BundleFolder["told"], env: ServerEnv): Record<string, unknown> {
  const userConfig: Record<string, string> = {};
  const permissions: Record<string, string[]> = {};
  for (const {
    env: [name = ""],
  } of settings) {
    const value = env[name];
    if (value === undefined) continue;
    userConfig[name.toLowerCase()] = value;
    const kind = permissionOf(name);
    if (kind === undefined) continue;
    const entry = kind === "net" ? new URL(value).host : value;
    permissions[kind] = [...(permissions[kind] ?? []), entry];
  }
  return { userConfig, permissions };
}
