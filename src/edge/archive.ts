import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "../core/fault.ts";
import { type ContentMap, contentEntry, lockFile } from "./content.ts";
import { type Manifest, manifestBytesLimit, manifestFile, parseManifest } from "./manifest.ts";
import { splitArchive } from "./trailer.ts";
import { type ArchiveLimits, defaultArchiveLimits } from "./zip/limits.ts";
import { readData, readEntries, type ZipEntry } from "./zip/reader.ts";
import { archiveFault } from "./zip/refuse.ts";

/** A bundle file that was looked through and not yet unpacked. */
export interface Archive {
  manifest: Manifest;
  entries: readonly ZipEntry[];
}

/** Reads a bundle file into memory, within the size that archives may have. */
export function readArchiveFile(
  path: string,
  limits: ArchiveLimits = defaultArchiveLimits,
): Uint8Array {
  const state = statSync(path, { throwIfNoEntry: false });
  const refuse = (problem: string) =>
    new AppError(
      "invalid_input",
      `Cannot read the bundle file ${JSON.stringify(path)}: ${problem}`,
      {
        hint: "Give the path of an .mcpb file.",
      },
    );
  if (state === undefined) throw refuse("no such file");
  if (!state.isFile()) throw refuse("it is no file");
  if (state.size > limits.archiveBytes)
    throw refuse(`it has more than ${limits.archiveBytes} bytes`);
  return readFileSync(path);
}

/** The text of `<file>.sig`, when there is one. */
export function findDetachedSignature(path: string): string | undefined {
  const file = `${path}.sig`;
  const state = statSync(file, { throwIfNoEntry: false });
  // A signature has some 300 bytes; what is much longer is none, and is not read.
  return state?.isFile() && state.size <= 64 * 1024 ? readFileSync(file, "utf8") : undefined;
}

/** Looks through a bundle file: its entries are safe to unpack and its manifest is one. A signature is not judged. */
export function openArchive(
  file: Uint8Array,
  limits: ArchiveLimits = defaultArchiveLimits,
): Archive {
  const entries = readEntries(splitArchive(file).zip, limits);
  if (entries.some(({ path }) => path.toLowerCase() === lockFile)) {
    throw archiveFault(`it holds a ${lockFile}, which only the installation writes`);
  }
  const manifest = entries.find(({ path }) => path === manifestFile);
  if (manifest === undefined) throw archiveFault(`it holds no ${manifestFile} at its top`);
  if (manifest.bytes > manifestBytesLimit) throw archiveFault(`its ${manifestFile} is too long`);
  return { manifest: parseManifest(Buffer.from(readData(manifest)).toString()), entries };
}

/**
 * Unpacks into a folder that does not exist yet and forces every file to the disk. Of the modes only the x-bit is kept.
 * Returns what was written.
 */
export function unpackArchive(archive: Archive, folder: string): ContentMap {
  const content: Record<string, string> = {};
  const folders = new Set([folder]);
  const { type, entry_point } = archive.manifest.server;
  mkdirSync(folder, { mode: 0o755 });
  for (const entry of archive.entries) {
    const path = join(folder, entry.path);
    const parent = entry.isDirectory ? path : dirname(path);
    mkdirSync(parent, { recursive: true, mode: 0o755 });
    folders.add(parent);
    if (entry.isDirectory) continue;
    const data = readData(entry);
    // Packed on Windows, a program has no x-bit; every host sets it for the entry point.
    const isExecutable = entry.isExecutable || (type === "binary" && entry.path === entry_point);
    writeDurably(path, data, isExecutable ? 0o755 : 0o644);
    content[entry.path] = contentEntry(data, isExecutable);
  }
  for (const each of folders) syncFolder(each);
  return content;
}

/** Writes a new file and waits until it is on the disk. An existing file is an error: nothing here is ever replaced. */
export function writeDurably(path: string, data: Uint8Array | string, mode = 0o644): void {
  const file = openSync(path, "wx", mode);
  try {
    writeFileSync(file, data);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Waits until a folder's entries are on the disk. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
