import { homedir } from "node:os";
import { machineOf } from "./machine.ts";

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
  /**
   * The first on PATH that is machine code. Version managers put scripts of an interpreter's name in front of it, which start
   * other programs, and a jail starts one.
   */
  whichBinary(name: string): string | undefined;
}

/**
 * The machine that this program runs on.
 * @param path The PATH that interpreters are looked for on; without it the first of a name is taken, whatever it is.
 */
export function thisHost(path = ""): Host {
  return {
    platform: process.platform,
    arch: process.arch,
    runtime: process.execPath,
    home: homedir(),
    which: (name) => Bun.which(name) ?? undefined,
    whichBinary: (name) => findBinary(name, path.split(":").filter(Boolean)),
  };
}

function findBinary(name: string, folders: readonly string[]): string | undefined {
  return folders
    .map((folder) => Bun.which(name, { PATH: folder }) ?? "")
    .find((file) => file !== "" && machineOf(file) !== undefined);
}
