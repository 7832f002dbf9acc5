import { readFileSync } from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { version } from "../../src/core/version.ts";

const root = join(import.meta.dir, "..", "..");

/** What a figure means nothing without. */
export interface Circumstances {
  bench: string;
  command: string;
  date: string;
  machine: { cpu: string; cores: number; memoryGiB: number; kernel: string };
  /** How processes share the cores; the same for every contender. */
  cores: string;
  versions: Record<string, string>;
}

/** Tells where, when and how a bench was run; `versions` adds those of its peers. */
export function describeCircumstances(
  bench: string,
  cores: string,
  versions: Record<string, string>,
): Circumstances {
  const args = process.argv.slice(2).join(" ");
  return {
    bench,
    command: `bun run bench ${args}`,
    date: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      kernel: `${platform()} ${release()} ${arch()}`,
    },
    cores,
    versions: { berth: version, bun: Bun.version, ...versions },
  };
}

/** The installed versions of npm packages. */
export function versionsOf(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const file = join(root, "node_modules", name, "package.json");
      const manifest: { version: string } = JSON.parse(readFileSync(file, "utf8"));
      return [name, manifest.version];
    }),
  );
}
