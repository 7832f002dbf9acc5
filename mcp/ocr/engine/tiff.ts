import { limits } from "./limits.ts";
import { TiffFile } from "./tiff-file.ts";
import { TiffTags } from "./tiff-tags.ts";

/** One page of a TIFF: where its directory starts and how large it says it is. */
export interface TiffPage {
  offset: number;
  width: number;
  height: number;
}

const tagWidth = 256;
const tagHeight = 257;
/** Directories are a linked list that a hostile file may make endless. */
const directoriesLimit = 10_000;

/** Walks a TIFF's directories (TIFF 6.0, section 2). A damaged rest is left out. */
export function listTiffPages(bytes: Uint8Array): TiffPage[] {
  const file = new TiffFile(bytes);
  const pages: TiffPage[] = [];
  const seen = new Set<number>();
  let offset = file.first;
  // Directories that lie over each other would have the same bytes read thousands of times.
  let restBytes = file.byteLength;
  while (offset !== 0 && !seen.has(offset) && pages.length < directoriesLimit) {
    seen.add(offset);
    const directory = file.openDirectory(offset);
    restBytes -= (directory?.count ?? 0) * file.entryBytes;
    if (directory === undefined || restBytes < 0) break;
    const tags = new TiffTags(file, directory);
    pages.push({ offset, width: tags.get(tagWidth, 0), height: tags.get(tagHeight, 0) });
    offset = directory.next;
  }
  return pages;
}

/**
 * The same classic file with the page at `offset` first, which is the only one that the core decodes. The bytes are
 * copied: other threads read the original.
 */
export function withFirstPage(bytes: Uint8Array, offset: number): Uint8Array {
  if (bytes.length > limits.documentBytes) throw new Error("the document is above its limit");
  const copy = new Uint8Array(bytes);
  new DataView(copy.buffer).setUint32(4, offset, bytes[0] === 0x49);
  return copy;
}
