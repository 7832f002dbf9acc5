import { dlopen } from "bun:ffi";
import type { Database } from "bun:sqlite";
import { mkdtempSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedPath } from "../../../../src/core/built.ts";
import { AppError } from "../../../../src/core/fault.ts";

const entryPoint = "sqlite3_vec_init";

/** A path that SQLite can load sqlite-vec from; made once a process, because the file of a binary has no real path. */
let loadable: Promise<string> | undefined;

/** Where sqlite-vec can be loaded from in this process. */
export function locateExtension(): Promise<string> {
  loadable ??= embeddedFile().then((imported) => {
    const file = embeddedPath(imported);
    // In an executable, Bun's own file system has this prefix; nothing outside the process can open it.
    return file.startsWith("/$bunfs") ? materialize(file) : file;
  });
  return loadable;
}

/** Gives a connection the vec0 tables. */
export function loadExtension(db: Database, path: string): void {
  db.loadExtension(path, entryPoint);
}

/** The platform's library; each is named in full, so that a build takes along the one of its target. */
async function embeddedFile(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    if (process.platform === "linux" && process.arch === "x64")
      return (await import("sqlite-vec-linux-x64/vec0.so", { with: { type: "file" } })).default;
    if (process.platform === "linux" && process.arch === "arm64")
      return (await import("sqlite-vec-linux-arm64/vec0.so", { with: { type: "file" } })).default;
    if (process.platform === "darwin" && process.arch === "arm64")
      return (await import("sqlite-vec-darwin-arm64/vec0.dylib", { with: { type: "file" } }))
        .default;
  } catch (cause) {
    throw notBuiltFor(platform, cause);
  }
  throw notBuiltFor(platform);
}

function notBuiltFor(platform: string, cause?: unknown): AppError {
  return new AppError("invalid_config", `Cannot load sqlite-vec on ${platform}: not built for it`, {
    hint: "Use a PostgreSQL with pgvector: set RAG_DB to its postgres:// address.",
    cause,
  });
}

/** Copies the embedded library to memory that has a path; it works on a read-only root without any temporary folder. */
async function materialize(file: string): Promise<string> {
  const bytes = new Uint8Array(await Bun.file(file).arrayBuffer());
  const descriptor = createMemoryFile();
  if (descriptor < 0) return writeTemporary(bytes);
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  return `/proc/self/fd/${descriptor}`;
}

/** A negative number where the system has no such files. The descriptor stays open as long as the process. */
function createMemoryFile(): number {
  for (const library of ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"]) {
    try {
      const libc = dlopen(library, { memfd_create: { args: ["cstring", "u32"], returns: "i32" } });
      return libc.symbols.memfd_create(Buffer.from("vec0.so\0"), 0);
    } catch {
      // Another C library, or none that may be opened: the next one, then a temporary file.
    }
  }
  return -1;
}

function writeTemporary(bytes: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "rag-vec-"));
  const path = join(folder, "vec0.so");
  writeFileSync(path, bytes);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return path;
}
