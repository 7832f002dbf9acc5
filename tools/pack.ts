/** `bun tools/pack.ts [name…]`: the .mcpb of every server that `bun run build` has built, into dist/. */
import { cpSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packFolder } from "../src/edge/pack.ts";
import { writeManifest } from "./bundle.ts";
import { noticesFile } from "./notices/write.ts";
import { listUnits, type Unit } from "./units.ts";

const root = join(import.meta.dir, "..");
const dist = join(root, "dist");
const names = process.argv.slice(2);
const servers = listUnits().filter(
  ({ name, kind }) => kind === "server" && (names.length === 0 || names.includes(name)),
);

for (const unit of servers) await packServer(unit);

async function packServer(unit: Unit): Promise<void> {
  const built = join(dist, "bundles", unit.name);
  if (!statSync(join(built, "server.js"), { throwIfNoEntry: false })) {
    console.error(
      `Cannot pack ${unit.name}: dist/bundles/${unit.name}/server.js is not built\nhint: bun run build ${unit.name}`,
    );
    process.exit(1);
  }
  const stage = mkdtempSync(join(tmpdir(), "berth-pack-"));
  try {
    cpSync(built, join(stage, "server"), { recursive: true });
    renameSync(join(stage, "server", noticesFile), join(stage, noticesFile));
    cpSync(join(root, "LICENSE"), join(stage, "LICENSE"));
    const { file } = await writeManifest(unit, stage);
    const packed = packFolder(stage, { cwd: dist, out: file });
    console.log(`dist/${file}  ${(packed.bytes / 1e6).toFixed(1)} MB  sha256 ${packed.sha256}`);
  } finally {
    rmSync(stage, { recursive: true });
  }
}
