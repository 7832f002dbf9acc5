import { homedir } from "node:os";

/** What a bundle's command line depends on beside the bundle; tests hand in their own. */
export interface Host {
  /** As in process.platform: the key of platform_overrides. */
  platform: string;
  /** As in process.arch. */
  arch: string;
  /** This program, which is also the JavaScript runtime of node bundles. */
  runtime: string;
  home: string;
  /** The absolute path of a program on PATH. */
  which(name: string): string | undefined;
}

/** The machine that this program runs on. */
export function thisHost(): Host {
  return {
    platform: process.platform,
    arch: process.arch,
    runtime: process.execPath,
    home: homedir(),
    which: (name) => Bun.which(name) ?? undefined,
  };
}
