/** `bun tools/deployPlain.ts [--check]`: writes containers/openshift from the charts, or says which files are old. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Glob } from "bun";
import { drawPlain } from "./deploy/plain.ts";

const isCheck = process.argv.includes("--check");
const folder = join(import.meta.dir, "..", "containers", "openshift");
const texts = await drawPlain();
const present = existsSync(folder) ? [...new Glob("**/*.yaml").scanSync(folder)] : [];
const gone = present.filter((path) => !texts.has(path));
const old = [...texts].filter(([path, text]) => {
  const file = join(folder, path);
  return !existsSync(file) || readFileSync(file, "utf8") !== text;
});
for (const path of [...gone, ...old.map(([path]) => path)].sort()) {
  console.log(`${isCheck ? "old" : "written"}  containers/openshift/${path}`);
}
if (isCheck && gone.length + old.length > 0) {
  console.error("hint: Run bun tools/deployPlain.ts and commit the difference.");
  process.exit(1);
}
for (const path of gone) rmSync(join(folder, path));
for (const [path, text] of old) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
