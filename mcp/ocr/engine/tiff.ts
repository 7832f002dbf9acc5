import { limits } from "./limits.ts";

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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = bytes[0] === 0x49;
  const pages: TiffPage[] = [];
  const seen = new Set<number>();
  let offset = bytes.length >= 8 ? view.getUint32(4, isLittle) : 0;
  while (offset !== 0 && !seen.has(offset) && pages.length < directoriesLimit) {
    seen.add(offset);
    if (offset + 2 > bytes.length) break;
    const count = view.getUint16(offset, isLittle);
    const next = offset + 2 + count * 12;
    if (next + 4 > bytes.length) break;
    pages.push({ offset, ...sizeOf(view, offset, isLittle) });
    offset = view.getUint32(next, isLittle);
  }
  return pages;
}

function sizeOf(
  view: DataView,
  offset: number,
  isLittle: boolean,
): { width: number; height: number } {
  const size = { width: 0, height: 0 };
  const count = view.getUint16(offset, isLittle);
  for (let index = 0; index < count; index++) {
    const entry = offset + 2 + index * 12;
    const tag = view.getUint16(entry, isLittle);
    if (tag !== tagWidth && tag !== tagHeight) continue;
    // Type 3 is a 16-bit number, type 4 a 32-bit one; both stand at the start of the value.
    const isShort = view.getUint16(entry + 2, isLittle) === 3;
    const value = isShort
      ? view.getUint16(entry + 8, isLittle)
      : view.getUint32(entry + 8, isLittle);
    size[tag === tagWidth ? "width" : "height"] = value;
  }
  return size;
}

/**
 * The same file with the page at `offset` first, which is the only one that the core decodes. The bytes are copied:
 * other threads read the original.
 */
export function withFirstPage(bytes: Uint8Array, offset: number): Uint8Array {
  if (bytes.length > limits.documentBytes) throw new Error("the document is above its limit");
  const copy = new Uint8Array(bytes);
  new DataView(copy.buffer).setUint32(4, offset, bytes[0] === 0x49);
  return copy;
}
