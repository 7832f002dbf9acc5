import { createHash, type KeyObject } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AppError } from "../core/fault.ts";
import { openArchive, syncFolder, writeDurably } from "./archive.ts";
import { type ContentFile, contentEntry, contentHash, readContent } from "./content.ts";
import { leaveOut } from "./ignore.ts";
import { bundleName, type Manifest, manifestFile, parseManifest } from "./manifest.ts";
import { embedSignature, signArchive } from "./signature.ts";
import { writeZip } from "./zip/writer.ts";

export interface PackOptions {
  /** The file to write; `<name>-<version>.mcpb` in the working directory when absent. */
  out?: string | undefined;
  /** An ed25519 private key to sign with. */
  signingKey?: KeyObject | undefined;
  /** Writes `<file>.sig` instead of a signature inside the file. */
  isDetached?: boolean;
  cwd: string;
}

/** A packed bundle. */
export interface Packed {
  path: string;
  bytes: number;
  /** Of the file. */
  sha256: string;
  /** Of the content; the lock of an installation names the same. */
  contentSha256: string;
  files: number;
  signaturePath: string | null;
  isSigned: boolean;
  name: string;
  version: string;
}

/** Packs a folder as an .mcpb. The same content gives the same bytes, on any day and in any folder. */
export function packFolder(folder: string, options: PackOptions): Packed {
  const manifest = readManifest(folder);
  const files = [...readContent(folder, leaveOut(folder))];
  checkEntryPoint(manifest, files);
  const zip = writeZip(files);
  // What Berth packs, Berth installs: the limits are those of the reader.
  openArchive(zip);
  const name = bundleName(manifest);
  const path = resolve(options.cwd, options.out ?? `${name}-${manifest.version}.mcpb`);
  const signature = options.signingKey && signArchive(zip, options.signingKey);
  const isEmbedded = signature !== undefined && options.isDetached !== true;
  const file = isEmbedded ? embedSignature(zip, signature) : zip;
  replaceFile(path, file);
  const isBeside = signature !== undefined && !isEmbedded;
  if (isBeside) replaceFile(`${path}.sig`, signature);
  return {
    path,
    bytes: file.length,
    sha256: createHash("sha256").update(file).digest("hex"),
    contentSha256: contentHash(mapOf(files)),
    files: files.length,
    signaturePath: isBeside ? `${path}.sig` : null,
    isSigned: signature !== undefined,
    name,
    version: manifest.version,
  };
}

/** A folder as the bytes of an unsigned bundle file, for installing it without writing one. */
export function packedBytes(folder: string): Uint8Array {
  const files = [...readContent(folder, leaveOut(folder))];
  checkEntryPoint(readManifest(folder), files);
  return writeZip(files);
}

function readManifest(folder: string): Manifest {
  const file = join(folder, manifestFile);
  if (existsSync(file)) return parseManifest(readFileSync(file, "utf8"), file);
  throw new AppError(
    "not_found",
    `Cannot pack ${JSON.stringify(folder)}: it holds no ${manifestFile}`,
    {
      hint: "Give the folder of a bundle; a manifest.json makes it one.",
    },
  );
}

function checkEntryPoint({ server }: Manifest, files: readonly ContentFile[]): void {
  const entry = server.entry_point.replace(/^\.\//, "");
  const file = files.find(({ path }) => path === entry);
  const refuse = (state: string, hint: string) =>
    new AppError(
      "invalid_input",
      `Cannot pack the entry point ${JSON.stringify(entry)}: ${state}`,
      { hint },
    );
  if (file === undefined) {
    throw refuse(
      "no such file in the bundle",
      "Correct server.entry_point, or what .mcpbignore leaves out.",
    );
  }
  if (server.type !== "binary" || file.isExecutable) return;
  throw refuse("it is not executable", `Run: chmod +x ${entry}`);
}

function mapOf(files: readonly ContentFile[]): Record<string, string> {
  return Object.fromEntries(
    files.map(({ path, data, isExecutable }) => [path, contentEntry(data, isExecutable)]),
  );
}

/** Writes beside the target and renames: a reader sees the old file or the new one, never a half. */
function replaceFile(path: string, data: Uint8Array | string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new AppError("invalid_input", `Cannot write ${JSON.stringify(path)}: it is a folder`, {
      hint: "Give the path of the file to write with --out.",
    });
  }
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const work = `${path}.${process.pid}.tmp`;
  rmSync(work, { force: true });
  writeDurably(work, data);
  renameSync(work, path);
  syncFolder(folder);
}
