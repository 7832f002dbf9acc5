import { constants, Database } from "bun:sqlite";
import { accessSync, existsSync, mkdirSync, constants as modes, statSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { AppError } from "../../../../src/core/fault.ts";
import { loadExtension, locateExtension } from "./extension.ts";
import { migrate, readVersion, schemaVersion } from "./schema.ts";

/** How long a writer waits for another one, in milliseconds; the longest transaction is a slice of training. */
const busyLimitMs = 30_000;
/** Pages of the database that a connection keeps, in KiB; the system's own cache holds the rest. */
const cacheKib = 48 * 1024;
/** Larger than SQLite's own choice: vectors lie in long blobs, and searching them takes a third less time. */
const pageBytes = 16_384;
/** Up to where the log of changes is cut back after a checkpoint, in bytes. */
const logLimitBytes = 64 * 1024 * 1024;

/** An open database file. */
export interface Connection {
  db: Database;
  path: string;
  isReadOnly: boolean;
}

/**
 * Opens the index at `path`, which is made when it is not there. A file or file system that cannot be written is opened
 * for searching alone.
 */
export async function openConnection(path: string): Promise<Connection> {
  const extension = await locateExtension();
  return translating(`open "${path}"`, () => {
    if (!isWritable(path)) return openPrepared(path, true, extension);
    try {
      return openPrepared(path, false, extension);
    } catch (error) {
      // A jail may refuse what the permissions of the file allow.
      if (!existsSync(path) || !isRefusal(error)) throw error;
      return openPrepared(path, true, extension);
    }
  });
}

function openPrepared(path: string, isReadOnly: boolean, extension: string): Connection {
  const db = isReadOnly ? openReadOnly(path) : new Database(path, { create: true, strict: true });
  try {
    prepare(db, path, isReadOnly, extension);
  } catch (error) {
    db.close();
    throw error;
  }
  return { db, path, isReadOnly };
}

function isRefusal(error: unknown): boolean {
  return /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(String(Object(error).code));
}

function prepare(db: Database, path: string, isReadOnly: boolean, extension: string): void {
  db.run(`pragma busy_timeout = ${busyLimitMs}`);
  db.run(`pragma cache_size = -${cacheKib}`);
  // There may be no folder for temporary files.
  db.run("pragma temp_store = memory");
  loadExtension(db, extension);
  if (isReadOnly) {
    if (readVersion(db, path) === schemaVersion) return;
    throw new AppError(
      "invalid_config",
      `Cannot open "${path}": older schema on a read-only file`,
      {
        hint: "Open it once where it can be written, or make it there with rag-mcp ingest.",
      },
    );
  }
  // Only an empty file takes it.
  db.run(`pragma page_size = ${pageBytes}`);
  db.run("pragma journal_mode = wal");
  db.run("pragma synchronous = normal");
  db.run(`pragma journal_size_limit = ${logLimitBytes}`);
  migrate(db, path);
}

function isWritable(path: string): boolean {
  const folder = dirname(path);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  if (existsSync(path) && !statSync(path).isFile()) {
    throw new AppError("invalid_config", `Cannot open "${path}": not a file`, {
      hint: "Set RAG_DB to the path of the index file.",
    });
  }
  try {
    // The log of changes lies beside the file, so the folder must take files as well.
    accessSync(folder, modes.W_OK);
    if (existsSync(path)) accessSync(path, modes.W_OK);
    return true;
  } catch (error) {
    if (existsSync(path)) return false;
    throw error;
  }
}

function openReadOnly(path: string): Database {
  // Nobody can write here, so SQLite need not look for changes and may do without its shared-memory file.
  const isSettled = !existsSync(`${path}-wal`) || statSync(`${path}-wal`).size === 0;
  const flags = constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI;
  return new Database(`${pathToFileURL(path)}?mode=ro${isSettled ? "&immutable=1" : ""}`, flags);
}

const reasons: Readonly<Record<string, [AppError["fault"], string, string]>> = {
  SQLITE_FULL: [
    "unavailable",
    "the disk is full",
    "Free some space; what was acknowledged is safe.",
  ],
  SQLITE_READONLY: [
    "unavailable",
    "it is read-only",
    "Searching works; write where the file can be written.",
  ],
  SQLITE_BUSY: ["too_busy", "another process is writing", "Try again when it has finished."],
  SQLITE_CORRUPT: [
    "invalid_config",
    "the file is damaged",
    "Put the last backup in its place, or delete it and ingest again.",
  ],
  SQLITE_NOTADB: ["invalid_config", "the file is no index", "Set RAG_DB to another path."],
  SQLITE_CANTOPEN: ["invalid_config", "it cannot be opened", "Check the path and its permissions."],
  SQLITE_IOERR: [
    "unavailable",
    "the disk fails",
    "Look at the system's log; put the last backup in its place if it is damaged.",
  ],
};

/** Does a work on the file; what the disk or another process makes of it becomes a fault that names the file. */
export function translating<T>(action: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translated(action, error);
  }
}

/** `translating` for work that waits. */
export async function translatingAsync<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(action, error);
  }
}

function translated(action: string, error: unknown): unknown {
  const code: unknown = Object(error).code;
  if (typeof code !== "string") return error;
  const plain = isDamage(error) ? "SQLITE_CORRUPT" : (/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code);
  const [fault, state, hint] = reasons[plain] ?? fileReason(plain);
  if (fault === undefined) return error;
  return new AppError(fault, `Cannot ${action}: ${state}`, { hint, cause: error });
}

/** FTS5 and vec0 tell damage of their own tables, whose statements are always the same, by a text alone. */
const damageTexts =
  /^(invalid fts5 file format|fts5: corrupt|error in tokenizer|parse error in tokenize|unrecognized option)|^could not (open|fetch|find|extract)|shadow table|sqlite-vec error|^vtable constructor failed/i;

function isDamage(error: unknown): boolean {
  const { code, message } = Object(error);
  return code === "SQLITE_ERROR" && damageTexts.test(String(message));
}

function fileReason(code: string): [AppError["fault"] | undefined, string, string] {
  const known: Readonly<Record<string, string>> = {
    EACCES: "permission denied",
    EROFS: "the file system is read-only",
    ENOENT: "no such folder",
    ENOSPC: "the disk is full",
    ENOTDIR: "a part of the path is no folder",
  };
  const state = known[code];
  return [
    state === undefined ? undefined : "invalid_config",
    state ?? "",
    "Check RAG_DB and its folder's permissions.",
  ];
}
