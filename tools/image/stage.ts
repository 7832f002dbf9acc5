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
import { besideEntry, buildScripts, nowhere, runBun, writeManifest } from "../bundle.ts";
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
  const compile = (entry: string, workers: readonly string[], file: string) =>
    compileFor(foreign, [entry, ...workers], join(folder, file));
  await compile("src/edge/main.ts", [], runtimeFile);
  const services = units.filter(({ kind }) => kind === "service");
  await compile(
    "src/services/main.ts",
    services.flatMap(({ workers }) => workers),
    "services",
  );
  await compile("tools/image/agents.ts", [], "agents");
  for (const { name, entry, workers } of units.filter(({ name }) => alone.includes(name))) {
    await compile(entry, workers, `servers/${name}`);
  }
  for (const unit of units.filter(({ kind }) => kind === "server")) {
    await stageBundle(unit, join(folder, "bundles", unit.name), foreign);
  }
  shareEqualFiles(join(folder, "bundles"));
  await writeSamples(join(folder, "documents"));
}

/** Without a map: an image is small, and the binaries for hands keep theirs. */
async function compileFor(
  foreign: Foreign | undefined,
  sources: readonly string[],
  file: string,
): Promise<void> {
  // Without the last the pages hold React's development build.
  const production = "--define=process.env.NODE_ENV='production'";
  const flags = [
    "--compile",
    "--minify",
    "--format=esm",
    "--splitting",
    ...nowhere,
    besideEntry,
    production,
  ];
  const closed = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
  const target = foreign
    ? [foreign.compile, ...foreign.target.flags, `--compile-executable-path=${foreign.runtime}`]
    : [];
  // What is precompiled is for the machine that compiles it.
  if (!foreign && !file.endsWith(`/${runtimeFile}`)) target.push("--bytecode");
  const args = ["build", ...flags, ...target, ...closed, ...sources, "--outfile", file];
  await runBun(args, foreign?.target.env);
}

/**
 * The OCR engine's build for JavaScript engines that know SIMD but not relaxed SIMD, which the one in the image is not: where
 * a processor has no SIMD at all, it takes the plain build.
 */
const unusedCore = /^tesseract-core-simd-/;

/** As `berth add` would install it, but for the maps, which only a debugger reads, and what no image needs. */
async function stageBundle(unit: Unit, bundle: string, foreign?: Foreign): Promise<void> {
  await buildScripts(unit, join(bundle, "server"), foreign?.target);
  await writeManifest(unit, bundle);
  for (const name of [...new Glob("**/*").scanSync(bundle)]) {
    const file = join(bundle, name);
    if (name.endsWith(".map") || unusedCore.test(basename(name))) rmSync(file);
    else if (name.endsWith(".js")) forgetPlace(file);
  }
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
