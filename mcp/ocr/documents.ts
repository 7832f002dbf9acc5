import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { isAbsolute, join, normalize, relative, resolve } from "node:path";
import { limits } from "./engine/limits.ts";
import { refuse } from "./refuse.ts";

/** A document's bytes, which threads share, and its name without folders. */
export interface DocumentFile {
  name: string;
  bytes: Uint8Array<SharedArrayBuffer>;
}

/** Roots that older deployments wrote into document paths; they mean the document root. */
const rootAliases = ["/claim_documents", "/claims_documents"];
/** A path that is longer is no path on any system (PATH_MAX on Linux). */
const pathCharactersLimit = 4096;
/** Without waiting for a writer, if it is a FIFO, and without becoming its terminal, if it is one. */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** The one folder from which documents are read. */
export class DocumentsRoot {
  readonly #root: string;

  constructor(root: string) {
    this.#root = resolve(root);
  }

  /** Whether the folder is there and can be entered now. */
  isReady(): boolean {
    return statSync(this.#root, { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  /**
   * Reads a document by its path, relative to the root or below it. What counts is where the opened file really is:
   * links that are swapped during the call change nothing about that.
   * @throws AppError when it is not in the root, no ordinary file, too large or away.
   */
  read(path: string): DocumentFile {
    const file = this.#open(path, this.#locate(path));
    try {
      this.#check(path, file);
      return { name: path.split("/").at(-1) ?? path, bytes: readBounded(path, file) };
    } finally {
      closeSync(file);
    }
  }

  /** The place that a path names, by its letters alone: nothing outside the root is even looked at. */
  #locate(path: string): string {
    if (path === "" || path.includes("\0") || path.length > pathCharactersLimit)
      refuse("invalid_input", path, "it is no path");
    const alias = rootAliases.find((root) => path === root || path.startsWith(`${root}/`));
    const place =
      alias !== undefined && !isWithin(this.#root, path)
        ? join(this.#root, path.slice(alias.length))
        : resolve(this.#root, normalize(path));
    if (!isWithin(this.#root, place)) refuseOutside(path);
    return place;
  }

  #open(path: string, place: string): number {
    try {
      return openSync(place, openFlags);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      const known: Partial<Record<string, string>> = {
        ENOENT: "no such file",
        ENOTDIR: "no such file",
        EACCES: "it may not be read",
        EPERM: "it may not be read",
        ELOOP: "its links lead in a circle",
        ENAMETOOLONG: "its name is too long",
        ENXIO: "it is no ordinary file",
        EISDIR: "it is a folder",
      };
      const state = known[code];
      if (state === undefined) throw error;
      if (code === "ENOENT" && !this.isReady())
        refuse("unavailable", path, "the document root is not there", "Call ocr_health_check.");
      return refuse(
        code.startsWith("EN") ? "not_found" : "forbidden",
        path,
        state,
        this.#hintOf(code),
      );
    }
  }

  /** By hand every path is below the root, and nobody has set one. */
  #hintOf(code: string): string | undefined {
    if (code !== "ENOENT" || this.#root === "/") return undefined;
    return "Give the path relative to the document root.";
  }

  #check(path: string, file: number): void {
    if (!isWithin(realpathSync(this.#root), realPathOf(file))) refuseOutside(path);
    const info = fstatSync(file);
    if (info.isDirectory()) refuse("invalid_input", path, "it is a folder");
    if (!info.isFile()) refuse("invalid_input", path, "it is no ordinary file");
  }
}

function refuseOutside(path: string): never {
  return refuse("forbidden", path, "it is outside the document root");
}

function isWithin(root: string, place: string): boolean {
  const way = relative(root, place);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way)) || /^\.\.[^/]/.test(way);
}

/** Where an open file is now, with all links resolved; Linux tells it without a second look at the path. */
function realPathOf(file: number): string {
  return readlinkSync(`/proc/self/fd/${file}`);
}

/** Reads to the file's end, which may move while it is read, but not above the limit. */
function readBounded(path: string, file: number): Uint8Array<SharedArrayBuffer> {
  const size = fstatSync(file).size;
  if (size > limits.documentBytes)
    refuse("too_large", path, `it has ${size} bytes; at most ${limits.documentBytes} are read`);
  const buffer = new SharedArrayBuffer(size);
  const bytes = new Uint8Array(buffer);
  let at = 0;
  while (at < size) {
    const count = readSync(file, bytes, at, size - at, at);
    // It has become shorter since it was measured.
    if (count === 0) return new Uint8Array(buffer, 0, at);
    at += count;
  }
  return bytes;
}
