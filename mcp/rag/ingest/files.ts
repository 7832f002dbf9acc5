import { lstat, readdir, realpath } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { AppError } from "../../../src/core/fault.ts";
import type { NewDocument } from "../store/port.ts";
import { chunkBlocks, chunksLimit } from "../text/chunk.ts";
import { documentExtensions, extractDocument } from "../text/extract.ts";
import { isRecordFile, readRecordFile } from "./recordFiles.ts";
import { type RecordOptions, type Remark, readingVersion, type Source } from "./sources.ts";

/** The largest file that is read as one document, in bytes. */
const fileLimitBytes = 200 * 1024 * 1024;
/** Folders that hold no documents of their owner. */
const passedFolders: ReadonlySet<string> = new Set(["node_modules", "__MACOSX"]);

/** The files that some paths name, and what of the index belongs to them. */
export interface FoundFiles {
  files: string[];
  /** See `IngestOptions.ownedPrefixes`. */
  ownedPrefixes: string[];
  /** Folders that could not be listed. */
  problems: Remark[];
}

/**
 * Lists the files of paths, folders with all that is below them, in the order of their names. Hidden files and links
 * inside folders are passed over.
 * @throws AppError `not_found` for a path that is not there, `invalid_input` for a file of no known kind.
 */
export async function findFiles(paths: readonly string[]): Promise<FoundFiles> {
  const found: FoundFiles = { files: [], ownedPrefixes: [], problems: [] };
  for (const path of paths) {
    const real = await realpath(path).catch((cause: unknown) => {
      throw new AppError(
        "not_found",
        `Cannot ingest ${JSON.stringify(path)}: no such file or folder`,
        { cause },
      );
    });
    if ((await lstat(real)).isDirectory()) {
      found.ownedPrefixes.push(real.endsWith("/") ? real : `${real}/`);
      await listFolder(real, found);
      continue;
    }
    if (!isKnown(real)) {
      throw new AppError(
        "invalid_input",
        `Cannot ingest ${JSON.stringify(path)}: no known kind of document`,
        {
          hint: `Known are ${documentExtensions.join(", ")}, .csv and .jsonl.`,
        },
      );
    }
    found.ownedPrefixes.push(`${real}#`);
    found.files.push(real);
  }
  found.files = [...new Set(found.files)];
  return found;
}

function isKnown(path: string): boolean {
  return isRecordFile(path) || documentExtensions.includes(extname(path).toLowerCase());
}

async function listFolder(folder: string, found: FoundFiles): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries) {
    found.problems.push({ source: `${folder}/`, text: "Cannot list the folder: no access" });
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".") || passedFolders.has(entry.name)) continue;
    if (entry.isDirectory()) await listFolder(path, found);
    else if (entry.isFile() && isKnown(path)) found.files.push(path);
  }
}

/** The documents of files: one for each file, one for each record of CSV and JSON lines. */
export async function* readFiles(
  { files, problems }: FoundFiles,
  options: RecordOptions,
): AsyncGenerator<Source | Remark> {
  yield* problems;
  for (const path of files) {
    if (isRecordFile(path)) yield* readRecordFile(path, options);
    else yield await openFile(path);
  }
}

async function openFile(path: string): Promise<Source | Remark> {
  const file = Bun.file(path);
  if (file.size > fileLimitBytes) {
    return {
      source: path,
      text: `Cannot read the file: it has ${file.size} bytes, more than ${fileLimitBytes}`,
    };
  }
  // Gone or closed to us since it was listed.
  const bytes = await file.bytes().catch(() => undefined);
  if (!bytes) return { source: path, text: "Cannot read the file: no access" };
  const hash = new Bun.CryptoHasher("sha256").update(readingVersion).update(bytes).digest("hex");
  return { sourceId: path, contentHash: hash, load: () => loadFile(path, bytes, hash) };
}

async function loadFile(
  path: string,
  bytes: Uint8Array,
  contentHash: string,
): Promise<{ document: NewDocument; warnings: readonly string[] }> {
  const { title, blocks, warnings } = await extractDocument(path, bytes);
  const { chunks, isCut } = chunkBlocks(blocks);
  if (chunks.length === 0) {
    throw new AppError(
      "invalid_input",
      `Cannot read the file: ${warnings[0] ?? "it holds no text"}`,
    );
  }
  const document: NewDocument = {
    sourceId: path,
    contentHash,
    title: title ?? basename(path),
    source: path,
    facets: {},
    metadata: { kind: extname(path).slice(1).toLowerCase(), size_bytes: bytes.length },
    chunks,
  };
  const cut = isCut ? [`only its first ${chunksLimit} chunks are in the index`] : [];
  return { document, warnings: [...warnings, ...cut] };
}
