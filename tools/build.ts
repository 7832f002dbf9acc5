/**
 * `bun run build [name…]`: one binary for every server and service, and a JS bundle for every server, with the
 * notices of what they hold, into dist/.
 */
import { cpSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { buildScripts } from "./bundle.ts";
import { compileProgram } from "./notices/compile.ts";
import { noticesFile, noticesText } from "./notices/write.ts";
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
mkdirSync(join(dist, "licenses"), { recursive: true });
cpSync(join(root, "LICENSE"), join(dist, "licenses", "LICENSE"));
for (const unit of units) {
  await buildBinary(unit);
  if (unit.kind === "server") await buildBundle(unit);
}

async function buildBinary(unit: Unit): Promise<void> {
  const file = join(dist, unit.name);
  const { notices } = await compileProgram({
    name: unit.name,
    sources: [unit.entry, ...unit.workers],
    file,
    flags: ["--bytecode", "--sourcemap"],
  });
  writeFileSync(join(dist, "licenses", `${noticesFile}.${unit.name}`), notices);
  // The map is inside the binary as well; beside it, it would only be mistaken for a part of it.
  for (const map of new Glob("*.js.map").scanSync(dist)) rmSync(join(dist, map));
  rmSync(`${file}.map`, { force: true });
  console.log(`dist/${unit.name}  ${megabytes(file)}`);
}

async function buildBundle(unit: Unit): Promise<void> {
  const folder = join(dist, "bundles", unit.name);
  const taken = await buildScripts(unit, folder);
  const notices = noticesText({ name: unit.name, taken: [taken], hasRuntime: false });
  writeFileSync(join(folder, noticesFile), notices);
  console.log(`dist/bundles/${unit.name}/server.js  ${megabytes(join(folder, "server.js"))}`);
}

function megabytes(file: string): string {
  return `${(statSync(file).size / 1e6).toFixed(1)} MB`;
}
