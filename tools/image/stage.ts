/** What the images hold, built into one folder that the Containerfile copies from. */
import {
  cpSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { Glob } from "bun";
import { buildScripts, writeManifest } from "../bundle.ts";
import { bomFile, bomText } from "../notices/bom.ts";
import { compileProgram, type Program } from "../notices/compile.ts";
import type { Taken } from "../notices/packages.ts";
import { noticesFile, noticesText } from "../notices/write.ts";
import { writeSamples } from "../stackDocuments.ts";
import { listUnits, type Unit } from "../units.ts";
import type { Arch } from "./arch.ts";
import { type Foreign, foreignTo } from "./foreign.ts";

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
  const foreign = await foreignTo(arch);
  const compile = async (name: string, sources: readonly string[], file = name) => {
    const program = { name, sources, file: join(folder, file), ...waysFor(foreign, file) };
    return (await compileProgram(program)).taken;
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
  for (const unit of units.filter(({ kind }) => kind === "server")) {
    bundled.push(await stageBundle(unit, join(folder, "bundles", unit.name), foreign));
  }
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

/** Without a map: an image is small, and the binaries for hands keep theirs. */
function waysFor(foreign: Foreign | undefined, file: string): Pick<Program, "flags" | "target"> {
  if (foreign !== undefined) {
    const flags = [foreign.compile, `--compile-executable-path=${foreign.runtime}`];
    return { flags, target: foreign.target };
  }
  // What is precompiled is for the machine that compiles it.
  return { flags: file === runtimeFile ? [] : ["--bytecode"] };
}

/**
 * The OCR engine's build for JavaScript engines that know SIMD but not relaxed SIMD, which the one in the image is not: where
 * a processor has no SIMD at all, it takes the plain build.
 */
const unusedCore = /^tesseract-core-simd-/;

/** As `berth add` would install it, but for the maps, which only a debugger reads, and what no image needs. */
async function stageBundle(unit: Unit, bundle: string, foreign?: Foreign): Promise<Taken> {
  const taken = await buildScripts(unit, join(bundle, "server"), foreign?.target);
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
