import {
  closeSync,
  constants,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { syscall } from "./jail/libc.ts";

const prefix = "berth-run-";
// sys/file.h
const exclusive = 2;
const withoutWaiting = 4;
/** A folder so young may be about to be locked, in milliseconds. */
const youngestMs = 60_000;
/** How many folders of others that were killed are removed at one start. */
const removedLimitCount = 64;

/** What one Berth keeps while it runs: its broker's socket, and the private folders of its children. */
export interface RunFolder {
  path: string;
  remove(): void;
}

/**
 * Creates the folder and keeps it locked until this process has ended, in whatever way; those of
 * this user that nobody holds any more are removed. A lock tells what a process id does not: the
 * owner may be in another container.
 */
export function createRunFolder(parent: string): RunFolder {
  removeAbandoned(parent);
  const path = mkdtempSync(join(parent, prefix));
  const held = openFolder(path);
  if (held !== undefined) lock(held);
  return {
    path,
    remove() {
      rmSync(path, { recursive: true, force: true });
      if (held !== undefined) closeSync(held);
    },
  };
}

function removeAbandoned(parent: string): void {
  const names = readdirSync(parent).filter((name) => name.startsWith(prefix));
  for (const name of names.slice(0, removedLimitCount)) {
    const path = join(parent, name);
    const folder = openFolder(path);
    if (folder === undefined) continue;
    // Links in it are removed, not followed.
    if (isOldAndOwn(folder) && lock(folder)) rmSync(path, { recursive: true, force: true });
    closeSync(folder);
  }
}

/** undefined for what is no folder, a link to one, or another user's. */
function openFolder(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch {
    // Whoever put it there, it is not one that this program made for this user.
    return undefined;
  }
}

function isOldAndOwn(folder: number): boolean {
  const { uid, mtimeMs } = fstatSync(folder);
  return uid === process.getuid?.() && Date.now() - mtimeMs > youngestMs;
}

function lock(folder: number): boolean {
  return syscall("flock", folder, exclusive | withoutWaiting).value === 0;
}
