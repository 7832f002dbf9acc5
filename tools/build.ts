/** `bun run build [name…]`: one binary for every server and service, and a JS bundle for every server, into dist/. */
import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { besideEntry, buildScripts, nowhere, runBun } from "./bundle.ts";
import { listUnits, type Unit } from "./units.ts";

const root = join(import.meta.dir, "..");
const dist = join(root, "dist");

const names = process.argv.slice(2);
const known = listUnits().map(({ name }) => name);
const units = listUnits().filter(({ name }) => names.length === 0 || names.includes(name));
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`Cannot build ${unknown.join(", ")}: expected some of ${known.join(", ")}`);
  process.exit(2);
}
mkdirSync(join(dist, "bundles"), { recursive: true });
for (const unit of units) {
  await buildBinary(unit);
  if (unit.kind === "server") await buildBundle(unit);
}

/** The two no-autoload flags keep a binary from running a .env or bunfig.toml of the folder that it is started in. */
async function buildBinary(unit: Unit): Promise<void> {
  const file = join(dist, unit.name);
  const flags = [
    "--compile",
    "--minify",
    "--bytecode",
    "--format=esm",
    "--splitting",
    "--sourcemap",
    // Without it the pages hold React's development build.
    "--define=process.env.NODE_ENV='production'",
    ...nowhere,
    besideEntry,
  ];
  const closed = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
  await runBun(["build", ...flags, ...closed, unit.entry, ...unit.workers, "--outfile", file]);
  // The map is inside the binary as well; beside it, it would only be mistaken for a part of it.
  for (const map of new Glob("*.js.map").scanSync(dist)) rmSync(join(dist, map));
  rmSync(`${file}.map`, { force: true });
  console.log(`dist/${unit.name}  ${megabytes(file)}`);
}

async function buildBundle(unit: Unit): Promise<void> {
  const folder = join(dist, "bundles", unit.name);
  await buildScripts(unit, folder);
  console.log(`dist/bundles/${unit.name}/server.js  ${megabytes(join(folder, "server.js"))}`);
}

function megabytes(file: string): string {
  return `${(statSync(file).size / 1e6).toFixed(1)} MB`;
}
