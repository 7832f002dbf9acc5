import { createHash } from "node:crypto";
import { type Dirent, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../core/fault.ts";

/** The file that pins an installed bundle's content; it is no part of the content. */
export const lockFile = "berth.lock.json";

/** As many as an archive may have; a folder with more was not meant to be a bundle. */
const filesLimit = 20_000;
const fileBytesLimit = 512 * 1024 * 1024;

/** Each file of a bundle by its path: the sha256 of what it holds, with `+x` behind it when it is executable. */
export type ContentMap = Readonly<Record<string, string>>;

/** How one file stands in a content map. */
export function contentEntry(data: Uint8Array, isExecutable: boolean): string {
  return createHash("sha256").update(data).digest("hex") + (isExecutable ? "+x" : "");
}

/** One number for a bundle's whole content: it changes with any path, byte or x-bit, and with nothing else. */
export function contentHash(content: ContentMap): string {
  const hash = createHash("sha256");
  for (const path of Object.keys(content).sort(compareBytes))
    hash.update(`${content[path]}  ${path}\n`);
  return hash.digest("hex");
}

/** A file of a folder that is or becomes a bundle. */
export interface ContentFile {
  /** Relative, with forward slashes. */
  path: string;
  data: Uint8Array;
  isExecutable: boolean;
}

/** Reads the files of a bundle folder one by one, in a stable order. `isLeftOut` is asked for folders (with `/`) too. */
export function* readContent(
  folder: string,
  isLeftOut: (path: string) => boolean = () => false,
): Generator<ContentFile> {
  let files = 0;
  for (const path of walk(folder, "", isLeftOut)) {
    if (path === lockFile) continue;
    if (++files > filesLimit) throw folderFault(folder, `it holds more than ${filesLimit} files`);
    const state = lstatSync(join(folder, path));
    if (state.size > fileBytesLimit)
      throw folderFault(folder, `${JSON.stringify(path)} is larger than 512 MiB`);
    yield {
      path,
      data: readFileSync(join(folder, path)),
      isExecutable: (state.mode & 0o111) !== 0,
    };
  }
}

/** The content map of a folder as it is now. */
export function mapContent(folder: string): ContentMap {
  // Without a prototype: a file that is called __proto__ is a key as any other.
  const content: Record<string, string> = Object.create(null);
  for (const { path, data, isExecutable } of readContent(folder)) {
    content[path] = contentEntry(data, isExecutable);
  }
  return content;
}

function* walk(
  folder: string,
  below: string,
  isLeftOut: (path: string) => boolean,
): Generator<string> {
  const entries = listFolder(join(folder, below));
  for (const entry of entries.sort((one, other) => compareBytes(one.name, other.name))) {
    const path = below + entry.name;
    if (isLeftOut(entry.isDirectory() ? `${path}/` : path)) continue;
    if (entry.isDirectory()) {
      yield* walk(folder, `${path}/`, isLeftOut);
    } else if (entry.isFile()) {
      yield path;
    } else {
      // A link could lead anywhere once the content is pinned, and a pipe has no content.
      throw folderFault(folder, `${JSON.stringify(path)} is neither a file nor a folder`);
    }
  }
}

function listFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw folderFault(folder, "it is no readable folder", cause);
  }
}

function folderFault(folder: string, state: string, cause?: unknown): AppError {
  return new AppError(
    "invalid_input",
    `Cannot read the bundle folder ${JSON.stringify(folder)}: ${state}`,
    {
      hint: "Give a folder that holds a manifest.json and ordinary files.",
      cause,
    },
  );
}

function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
