import { mkdtempSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** A folder of one child alone. */
export interface TempFolder {
  path: string;
  /** What is in it, in bytes on the disk; stops counting above `limitBytes`. */
  measure(limitBytes: number): Promise<number>;
  remove(): Promise<void>;
}

/** Blocks of `stat` are 512 bytes, whatever the file system's are. */
const blockBytes = 512;

/**
 * Creates a folder that only this user may enter. No kernel bounds a folder without a mount, which
 * takes privileges: each file is bounded by the jail, and the sum by whoever calls `measure` and
 * ends the child.
 */
export function createTempFolder(parent: string, name: string): TempFolder {
  const path = mkdtempSync(join(parent, `${name.replace(/[^A-Za-z0-9_-]/g, "_")}-`));
  return {
    path,
    measure: (limitBytes) => measureFolder(path, limitBytes),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** Walks without following links; files that vanish meanwhile are not counted. */
async function measureFolder(path: string, limitBytes: number): Promise<number> {
  let bytes = 0;
  const waiting = [path];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const below = join(folder, entry.name);
      if (entry.isDirectory()) waiting.push(below);
      // A folder or an empty file takes a block as well: files without content fill a disk, too.
      const size = entry.isSymbolicLink() ? undefined : await stat(below).catch(() => undefined);
      bytes += Math.max(blockBytes, (size?.blocks ?? 0) * blockBytes);
      if (bytes > limitBytes) return bytes;
    }
  }
  return bytes;
}
