/** What the images hold, built into one folder that the Containerfile copies from. */
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { Glob } from "bun";
import { buildScripts, writeManifest } from "../bundle.ts";
import { runTool } from "../deploy/runTool.ts";
import { bomFile, bomText } from "../notices/bom.ts";
import { compileProgram } from "../notices/compile.ts";
import type { Taken } from "../notices/packages.ts";
import { noticesFile, noticesText } from "../notices/write.ts";
import { writeSamples } from "../stackDocuments.ts";
import { listUnits, type Unit } from "../units.ts";
import type { Arch } from "./debian.ts";

/** Precompiled it would take 4 MB more, and one that serves a single bundle runs little of its own code. */
const runtimeFile = "berth";

/** Builds the executables and bundles of the images into `folder`; `alone` are the servers with an image of their own. */
export async function stageImages(
  arch: Arch,
  folder: string,
  alone: readonly string[],
): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "servers"), { recursive: true });
  cpSync(join(import.meta.dir, "..", "..", "LICENSE"), join(folder, "LICENSE"));
  const units = listUnits();
  const runtime = await runtimeFor(arch);
  const compile = async (name: string, sources: readonly string[], file = name) => {
    const flags = flagsFor(runtime, file);
    return (await compileProgram({ name, sources, file: join(folder, file), flags })).taken;
  };
  const services = units.filter(({ kind }) => kind === "service");
  const ofServices = services.flatMap(({ workers }) => workers);
  const own = await compile(runtimeFile, ["src/edge/main.ts"]);
  writeNotices(folder, "berth-services", [
    await compile("services", ["src/services/main.ts", ...ofServices]),
  ]);
  writeNotices(folder, "berth-agents", [await compile("agents", ["tools/image/agents.ts"])]);
  for (const { name, entry, workers } of units.filter(({ name }) => alone.includes(name))) {
    writeNotices(folder, name, [await compile(name, [entry, ...workers], `servers/${name}`)]);
  }
  const bundled: Taken[] = [];
  for (const unit of units.filter(({ kind }) => kind === "server"))
    bundled.push(await stageBundle(unit, folder));
  writeNotices(folder, "berth", [own, ...bundled]);
  shareEqualFiles(join(folder, "bundles"));
  await writeSamples(join(folder, "documents"));
}

/** What an image holds of others than the base's, for its folder of licences. */
function writeNotices(folder: string, image: string, taken: readonly Taken[]): void {
  const place = join(folder, "notices", image);
  mkdirSync(place, { recursive: true });
  const holds = { taken, hasRuntime: true };
  writeFileSync(join(place, noticesFile), noticesText({ ...holds, name: `the image ${image}` }));
  writeFileSync(join(place, bomFile), bomText({ ...holds, name: image }));
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
function flagsFor(runtime: string | undefined, file: string): string[] {
  const target = runtime
    ? ["--target=bun-linux-arm64", `--compile-executable-path=${runtime}`]
    : [];
  // What is precompiled is for the machine that compiles it.
  return runtime || file === runtimeFile ? target : [...target, "--bytecode"];
}

/**
 * The OCR engine's build for JavaScript engines that know SIMD but not relaxed SIMD, which the one in the image is not: where
 * a processor has no SIMD at all, it takes the plain build.
 */
const unusedCore = /^tesseract-core-simd-/;

/** As `berth add` would install it, but for the maps, which only a debugger reads, and what no image needs. */
async function stageBundle(unit: Unit, folder: string): Promise<Taken> {
  const bundle = join(folder, "bundles", unit.name);
  const taken = await buildScripts(unit, join(bundle, "server"));
  await writeManifest(unit, bundle);
  for (const name of [...new Glob("**/*").scanSync(bundle)]) {
    const file = join(bundle, name);
    if (name.endsWith(".map") || unusedCore.test(basename(name))) rmSync(file);
    else if (name.endsWith(".js")) forgetPlace(file);
  }
  return taken;
}

/** The bundler writes the path of a CommonJS module into it: the same sources elsewhere would give another image. */
function forgetPlace(file: string): void {
  const text = readFileSync(file, "utf8");
  const modules = realpathSync(join(import.meta.dir, "..", "..", "node_modules"));
  const placeless = text.replaceAll(modules, "/node_modules");
  if (placeless !== text) writeFileSync(file, placeless);
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
