/** What the images hold, built into one folder that the Containerfile copies from. */
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Glob } from "bun";
import { besideEntry, buildScripts, runBun, writeManifest } from "../bundle.ts";
import { runTool } from "../deploy/runTool.ts";
import { writeSamples } from "../stackDocuments.ts";
import { listUnits, type Unit } from "../units.ts";
import type { Arch } from "./debian.ts";

/** The MCP servers that the slim image is built for; any other works alike. */
export const slimServers: readonly string[] = ["customer-mcp"];

/** Precompiled it would take 4 MB more, and one that serves a single bundle runs little of its own code. */
const runtimeFile = "berth";

/** Builds the executables and bundles of the images into `folder`. */
export async function stageImages(arch: Arch, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "servers"), { recursive: true });
  const units = listUnits();
  const runtime = await runtimeFor(arch);
  const compile = (entry: string, workers: readonly string[], file: string) =>
    compileFor(runtime, [entry, ...workers], join(folder, file));
  await compile("src/edge/main.ts", [], runtimeFile);
  const services = units.filter(({ kind }) => kind === "service");
  await compile(
    "src/services/main.ts",
    services.flatMap(({ workers }) => workers),
    "services",
  );
  await compile("tools/image/agents.ts", [], "agents");
  for (const { name, entry, workers } of units.filter(({ name }) => slimServers.includes(name))) {
    await compile(entry, workers, `servers/${name}`);
  }
  for (const unit of units.filter(({ kind }) => kind === "server")) await stageBundle(unit, folder);
  shareEqualFiles(join(folder, "bundles"));
  await writeSamples(join(folder, "documents"));
}

/** An executable of another machine comes from npm, as ours does; undefined for the one that runs this. */
async function runtimeFor(arch: Arch): Promise<string | undefined> {
  if (arch === (process.arch === "x64" ? "amd64" : "arm64")) return undefined;
  const folder = join(homedir(), ".cache", "berth", `bun-${Bun.version}-${arch}`);
  const file = join(folder, "package", "bin", "bun");
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const machine = arch === "amd64" ? "x64" : "aarch64";
  const name = `@oven/bun-linux-${machine}@${Bun.version}`;
  const { out } = await runTool(["npm", "pack", "--silent", name], { cwd: folder });
  await runTool(["tar", "-xzf", out.trim()], { cwd: folder });
  return file;
}

/** Without a map: an image is small, and the binaries for hands keep theirs. */
async function compileFor(
  runtime: string | undefined,
  sources: readonly string[],
  file: string,
): Promise<void> {
  // Without the last the pages hold React's development build.
  const production = "--define=process.env.NODE_ENV='production'";
  const flags = ["--compile", "--minify", "--format=esm", "--splitting", besideEntry, production];
  const closed = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
  const target = runtime
    ? ["--target=bun-linux-arm64", `--compile-executable-path=${runtime}`]
    : [];
  // What is precompiled is for the machine that compiles it.
  if (!runtime && !file.endsWith(`/${runtimeFile}`)) target.push("--bytecode");
  await runBun(["build", ...flags, ...target, ...closed, ...sources, "--outfile", file]);
}

/** As `berth add` would install it, but for the maps, which only a debugger reads. */
async function stageBundle(unit: Unit, folder: string): Promise<void> {
  const bundle = join(folder, "bundles", unit.name);
  await buildScripts(unit, join(bundle, "server"));
  await writeManifest(unit, bundle);
  for (const map of new Glob("**/*.map").scanSync(bundle)) rmSync(join(bundle, map));
}

/** Two servers read PDF files with the same engine: equal files become one with two names, which a layer keeps once. */
function shareEqualFiles(folder: string): void {
  const first = new Map<string, string>();
  for (const name of [...new Glob("**/*").scanSync(folder)].sort()) {
    const file = join(folder, name);
    const hash = new Bun.CryptoHasher("sha256").update(readFileSync(file)).digest("hex");
    const known = first.get(hash);
    if (known === undefined) {
      first.set(hash, file);
      continue;
    }
    linkSync(known, `${file}.same`);
    renameSync(`${file}.same`, file);
    // Renaming a link onto another of the same file leaves both.
    rmSync(`${file}.same`, { force: true });
  }
}
