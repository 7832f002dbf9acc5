/** `bun tools/docs.ts [--check]`: writes the generated docs, or fails when they are not what the code says. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { manifestOf, type ServerManifest, serverPage, serverTable } from "./docs/serverPage.ts";
import { listUnits } from "./units.ts";

const root = join(import.meta.dir, "..");
const isCheck = process.argv.includes("--check");

const servers: ServerManifest[] = [];
for (const unit of listUnits().filter(({ kind }) => kind === "server")) {
  servers.push(await manifestOf(unit));
}
const pages = new Map(
  servers.map((server) => [`docs/servers/${server.name}.md`, serverPage(server)]),
);
pages.set("docs/servers/README.md", serverTable(servers));

const stale = [...pages].filter(([file, text]) => readText(file) !== text);
if (!isCheck) {
  for (const [file, text] of stale) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
    console.log(`wrote ${file}`);
  }
} else if (stale.length > 0) {
  console.error(`Not what the code says: ${stale.map(([file]) => file).join(", ")}`);
  console.error(
    "hint: run `bun tools/docs.ts`, read the difference, and commit it with your change.",
  );
  process.exit(1);
}

function readText(file: string): string | undefined {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
