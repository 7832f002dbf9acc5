import { statSync } from "node:fs";
import { join } from "node:path";
import { lockFile } from "./content.ts";
import { manifestFile } from "./manifest.ts";

/** How often files are looked at, in milliseconds. Polling also sees the swapped links of mounted volumes. */
export const watchEveryMs = 1_000;

/** Notices that files have changed, once they have stopped changing: half a copy is no new version. */
export class FileWatch {
  readonly #listFiles: () => readonly string[];
  readonly #onChange: () => void;
  #settled: string;
  #seen: string;

  constructor(listFiles: () => readonly string[], onChange: () => void) {
    this.#listFiles = listFiles;
    this.#onChange = onChange;
    this.#settled = this.#look();
    this.#seen = this.#settled;
  }

  /** What is there now is what was started. */
  rebase(): void {
    this.#settled = this.#look();
    this.#seen = this.#settled;
  }

  /** Called every `watchEveryMs`. */
  poll(): void {
    const now = this.#look();
    const isStill = now === this.#seen;
    this.#seen = now;
    if (!isStill || now === this.#settled) return;
    this.#settled = now;
    this.#onChange();
  }

  #look(): string {
    return this.#listFiles().map(fingerprint).join("\n");
  }
}

/** The files whose change means another version: of a bundle its manifest and lock, of a command its program and scripts. */
export function filesOf(folder: string | null, command: readonly string[], cwd: string): string[] {
  const named = command.map((part) => join(part.startsWith("/") ? "/" : cwd, part));
  const own = folder === null ? [] : [folder, join(folder, manifestFile), join(folder, lockFile)];
  return [...own, ...named];
}

function fingerprint(path: string): string {
  const state = statSync(path, { throwIfNoEntry: false });
  if (state === undefined) return "";
  // A folder's own time changes with every file that is made beside it.
  return state.isDirectory()
    ? `${path} ${state.ino}`
    : `${path} ${state.ino} ${state.mtimeMs} ${state.size}`;
}
