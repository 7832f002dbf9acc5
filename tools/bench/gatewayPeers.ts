import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchFolder, run } from "./binary.ts";

const wanted = join(import.meta.dir, "peers", "gateways.json");
const folder = join(benchFolder, "gateways");

/** The entry file of each gateway that is measured beside Berth; they are programs for Node. */
const entries = {
  supergateway: "supergateway/dist/index.js",
  "mcp-proxy": "mcp-proxy/dist/bin/mcp-proxy.mjs",
} as const;
export type GatewayPeer = keyof typeof entries;

/** The command of a gateway; without Node on PATH it runs on Bun. */
export function gatewayCommand(name: GatewayPeer): string[] {
  return [Bun.which("node") ?? process.execPath, join(folder, "node_modules", entries[name])];
}

/** Installs the other gateways into the benches' folder when that is not done yet. */
export async function readyGateways(): Promise<void> {
  const manifest = readFileSync(wanted, "utf8");
  const stamp = join(folder, "installed.json");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === manifest) return;
  console.error("Installing supergateway and mcp-proxy into .bench/gateways");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), manifest);
  await run([process.execPath, "install", "--cwd", folder]);
  writeFileSync(stamp, manifest);
}

/** What the peers are, for the report. */
export function gatewayVersions(): Record<string, string> {
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(wanted, "utf8"),
  );
  const node = Bun.which("node");
  const version = node === null ? "" : Bun.spawnSync([node, "--version"]).stdout.toString().trim();
  return { ...dependencies, ...(version !== "" && { node: version.replace("v", "") }) };
}
