/** `bun tools/pack.ts [name…]`: the .mcpb of every server that `bun run build` has built, into dist/. */
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packFolder } from "../src/edge/pack.ts";
import { bundleManifest, nativePlatform, type Told, toldSchema } from "./packManifest.ts";
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
  const told = await readTold(unit);
  const platform = nativePlatform(built);
  const stage = mkdtempSync(join(tmpdir(), "berth-pack-"));
  try {
    cpSync(built, join(stage, "server"), { recursive: true });
    const manifest = bundleManifest(told, "server/server.js", platform?.split("-")[0]);
    writeFileSync(join(stage, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    const file = [unit.name, told.version, platform].filter(Boolean).join("-");
    const packed = packFolder(stage, { cwd: dist, out: `${file}.mcpb` });
    console.log(
      `dist/${file}.mcpb  ${(packed.bytes / 1e6).toFixed(1)} MB  sha256 ${packed.sha256}`,
    );
  } finally {
    rmSync(stage, { recursive: true });
  }
}

async function readTold(unit: Unit): Promise<Told> {
  const server = Bun.spawn([process.execPath, unit.entry, "--manifest"], {
    cwd: root,
    stderr: "inherit",
  });
  return toldSchema.parse(JSON.parse(await new Response(server.stdout).text()));
}
