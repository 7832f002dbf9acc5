import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../src/core/fault.ts";
import { bundleManifest, nativePlatform, type Told, toldSchema } from "./packManifest.ts";
import type { Unit } from "./units.ts";

const root: string = join(import.meta.dir, "..");

/** Workers lie beside the entry, where `src/core/built.ts` looks for them. */
export const besideEntry = "--entry-naming=[name].[ext]";

/**
 * A package's own folder would be written into the file as the checkout's: the same source would make another file
 * elsewhere. Nothing is lost, since nothing of a package lies beside a built file.
 */
export const nowhere: readonly string[] = [
  "--define=__dirname='/berth'",
  "--define=__filename='/berth/index.js'",
];

/** How a build for another machine differs: further flags of the bundler, and its environment. */
export interface Target {
  flags: readonly string[];
  env: Readonly<Record<string, string>>;
}

const ownTarget: Target = { flags: [], env: {} };

/** Writes a server's JavaScript, its workers and the files that it embeds into a folder of their own. */
export async function buildScripts(
  unit: Unit,
  folder: string,
  { flags, env }: Target = ownTarget,
): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await runBun(
    [
      "build",
      "--target=bun",
      "--splitting",
      "--minify",
      "--sourcemap=external",
      ...nowhere,
      ...flags,
      besideEntry,
      unit.entry,
      ...unit.workers,
      "--outdir",
      folder,
    ],
    env,
  );
}

/** A server's bundle as a folder: its scripts are in `server/`, made by `buildScripts`; writes the manifest beside them. */
export async function writeManifest(unit: Unit, folder: string): Promise<BundleFolder> {
  const told = toldSchema.parse(
    JSON.parse(await runBun(["--no-env-file", unit.entry, "--manifest"])),
  );
  const platform = nativePlatform(join(folder, "server"));
  const manifest = bundleManifest(told, "server/server.js", platform?.split("-")[0]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return { told, file: `${[unit.name, told.version, platform].filter(Boolean).join("-")}.mcpb` };
}

/** A bundle that is ready to be packed. */
export interface BundleFolder {
  told: Told;
  /** The name of its packed file, which names the platform when native code binds it to one. */
  file: string;
}

/**
 * Runs this Bun in the repository's root, with `env` besides its own environment; returns what it printed.
 * @throws AppError `unavailable` with what it complained of.
 */
export async function runBun(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = Bun.spawn([process.execPath, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [code, printed, problem] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if (code === 0) return printed;
  throw new AppError(
    "unavailable",
    `Cannot run bun ${args.join(" ")}: exit code ${code}\n${problem}`,
  );
}
