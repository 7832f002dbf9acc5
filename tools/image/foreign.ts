/** What a build for another machine than this one needs besides the checkout: its Bun and its native packages, from npm. */
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Target } from "../bundle.ts";
import { runTool } from "../deploy/runTool.ts";
import { type Arch, ownArch } from "./arch.ts";

/** A machine as Bun and npm's packages name it. */
const machines: Readonly<Record<Arch, { cpu: string; bun: string }>> = {
  amd64: { cpu: "x64", bun: "x64" },
  arm64: { cpu: "arm64", bun: "aarch64" },
};

/** Builds for a machine that is not this one. */
export interface Foreign {
  /** The Bun that its executables are made of. */
  runtime: string;
  /** The flag that names its executables' machine. */
  compile: string;
  target: Target;
}

/**
 * Undefined for this machine's own kind. An install takes along only the native packages of its own machine: those of the
 * other one are fetched here, in the locked version.
 */
export async function foreignTo(arch: Arch): Promise<Foreign | undefined> {
  if (arch === ownArch) return undefined;
  const { cpu, bun } = machines[arch];
  const runtime = await fetchPackage(`@oven/bun-linux-${bun}`, Bun.version);
  const native = `sqlite-vec-linux-${cpu}`;
  const { version, integrity } = lockedAs(native);
  const modules = await fetchPackage(native, version, integrity);
  return {
    runtime: join(runtime, `@oven/bun-linux-${bun}`, "bin", "bun"),
    compile: `--target=bun-linux-${cpu}`,
    target: {
      // The bundler leaves out what is only imported on other machines.
      flags: [`--define=process.arch='${cpu}'`, "--define=process.platform='linux'"],
      env: { NODE_PATH: modules },
    },
  };
}

/** A package of npm, unpacked once on a machine; the folder to resolve it from. */
async function fetchPackage(name: string, version: string, integrity?: string): Promise<string> {
  const words = name.match(/\w+/g) ?? [];
  const cache = join(homedir(), ".cache", "berth", `${words.join("-")}-${version}`);
  const folder = join(cache, name);
  if (existsSync(folder)) return cache;
  mkdirSync(join(cache, "fresh"), { recursive: true });
  const { out } = await runTool(["npm", "pack", "--silent", `${name}@${version}`], { cwd: cache });
  const archive = join(cache, out.trim());
  const hash = new Bun.CryptoHasher("sha512").update(readFileSync(archive)).digest("base64");
  if (integrity !== undefined && integrity !== `sha512-${hash}`) {
    throw new Error(`${name}@${version} is not what bun.lock names: sha512-${hash}`);
  }
  await runTool(["tar", "-xzf", archive, "-C", join(cache, "fresh")]);
  mkdirSync(join(folder, ".."), { recursive: true });
  renameSync(join(cache, "fresh", "package"), folder);
  return cache;
}

/** What bun.lock says of a package that is not installed here. */
function lockedAs(name: string): { version: string; integrity: string } {
  const lock = readFileSync(join(import.meta.dir, "..", "..", "bun.lock"), "utf8");
  const line = new RegExp(`"${name}": \\["${name}@([^"]+)".*"(sha512-[^"]+)"\\]`).exec(lock);
  const [, version, integrity] = line ?? [];
  if (!(version && integrity)) throw new Error(`bun.lock names no ${name}`);
  return { version, integrity };
}
