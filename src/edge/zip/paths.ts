import type { ArchiveLimits } from "./limits.ts";
import { entryFault } from "./refuse.ts";

/** Refuses a path that could leave the folder that it is unpacked into, or that systems read differently. */
export function checkPath(path: string, limits: ArchiveLimits): void {
  const problem = problemOf(path, limits);
  if (problem !== undefined) throw entryFault(path, problem);
}

function problemOf(path: string, limits: ArchiveLimits): string | undefined {
  if (Buffer.byteLength(path) > limits.pathBytes) {
    return `has a path of more than ${limits.pathBytes} bytes`;
  }
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "has an absolute path";
  // As a key of an object, which a content map is, it would set the prototype and be lost.
  if (path === "__proto__") return "has a name that JavaScript keeps for itself";
  if (path.includes("\\")) return "has a backslash in its path";
  if (/[\u0000-\u001f\u007f]/.test(path)) return "has a control character in its path";
  const segments = path.replace(/\/$/, "").split("/");
  if (segments.length > limits.pathDepth) return `is more than ${limits.pathDepth} folders deep`;
  if (segments.includes("..")) return "points outside its folder";
  if (segments.includes("") || segments.includes(".")) return "has an empty part in its path";
  return undefined;
}

/**
 * Remembers paths and refuses what would be one file on a system that folds case or normalises Unicode, a path that is
 * twice there, and a file that is also a folder.
 */
export class PathRegister {
  readonly #seen = new Map<string, { path: string; isDirectory: boolean; isImplied: boolean }>();

  add(entryPath: string, isDirectory: boolean): void {
    const path = entryPath.replace(/\/$/, "");
    const segments = path.split("/");
    for (let depth = 1; depth < segments.length; depth++) {
      this.#claim(segments.slice(0, depth).join("/"), { isDirectory: true, isImplied: true });
    }
    this.#claim(path, { isDirectory, isImplied: false });
  }

  #claim(path: string, kind: { isDirectory: boolean; isImplied: boolean }): void {
    const key = path.normalize("NFC").toLowerCase();
    const other = this.#seen.get(key);
    if (other === undefined) {
      this.#seen.set(key, { path, ...kind });
      return;
    }
    if (other.path !== path) {
      throw entryFault(
        path,
        `differs from ${JSON.stringify(other.path)} in upper and lower case only`,
      );
    }
    if (other.isDirectory !== kind.isDirectory)
      throw entryFault(path, "is both a file and a folder");
    if (!other.isImplied && !kind.isImplied) throw entryFault(path, "is there twice");
    other.isImplied &&= kind.isImplied;
  }
}
