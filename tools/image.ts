/**
 * `bun run image [--arch amd64|arm64] [--base <image>] [--server <name>…]`: the images, built without a daemon or a registry;
 * prints their sizes. `--server` names the MCP servers that get an image of their own, customer-mcp without it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { version } from "../src/core/version.ts";
import { type Arch, imageFolder, readArch } from "./image/arch.ts";
import { buildBase } from "./image/base.ts";
import { type Built, baseName, buildImage, compressedBytes, importBase } from "./image/buildah.ts";
import { stageImages } from "./image/stage.ts";
import { listUnits } from "./units.ts";

/** What an image may take, in bytes: files, and what a registry sends. */
const limits = { unpackedBytes: 150e6, compressedBytes: 70e6 };

const { values } = parseArgs({
  options: {
    arch: { type: "string" },
    base: { type: "string" },
    server: { type: "string", multiple: true, default: ["customer-mcp"] },
  },
});
const arch = readArch(values.arch);
if (arch === undefined) {
  console.error(`Cannot build for "${values.arch}": expected amd64 or arm64`);
  process.exit(2);
}
const known = listUnits().flatMap(({ kind, name }) => (kind === "server" ? [name] : []));
const strange = values.server.find((name) => !known.includes(name));
if (strange !== undefined) {
  console.error(`Cannot build an image of "${strange}": expected some of ${known.join(", ")}`);
  process.exit(2);
}
const folder = imageFolder(arch);
const scratch = mkdtempSync(join(tmpdir(), "berth-image-"));
try {
  await stageImages(arch, folder, values.server);
  const base = values.base ?? (await ownBase(arch));
  const common = { version, arch, folder, base };
  const images = [
    await buildImage({ ...common, target: "berth", name: "berth" }),
    await buildImage({ ...common, target: "services", name: "berth-services" }),
    await buildImage({ ...common, target: "agents", name: "berth-agents" }),
  ];
  for (const server of values.server) {
    images.push(
      await buildImage({ ...common, target: "server", name: server, args: { SERVER: server } }),
    );
  }
  const isSmall = await printSizes(images);
  process.exitCode = isSmall ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true });
}

async function ownBase(arch: Arch): Promise<string> {
  const archive = join(scratch, "base.tar");
  await buildBase(arch, archive);
  await importBase(arch, archive);
  return baseName(arch);
}

/** The table of sizes; false when an image is larger than it may be. */
async function printSizes(images: readonly Built[]): Promise<boolean> {
  let isSmall = true;
  console.log("| image | unpacked | compressed | digest |\n|---|---|---|---|");
  for (const { name, digest, unpackedBytes } of images) {
    const compressed = await compressedBytes(name, scratch);
    isSmall &&= unpackedBytes < limits.unpackedBytes && compressed < limits.compressedBytes;
    console.log(`| ${name} | ${mega(unpackedBytes)} | ${mega(compressed)} | ${digest} |`);
  }
  return isSmall;
}

function mega(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
