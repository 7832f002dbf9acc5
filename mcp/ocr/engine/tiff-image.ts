import type { LoadedCore } from "./core-module.ts";
import { type DecodedImage, decodeImage } from "./image.ts";
import { readImageSize } from "./image-size.ts";
import { Refusal } from "./refusal.ts";
import { rowBytesOf, type TiffPart, type TiffParts, tiffTag } from "./tiff-pixels.ts";

/** Puts a page together from its parts, in grey. @throws Refusal `broken` when one of them cannot be decoded. */
export function joinTiffParts(loaded: LoadedCore, page: TiffParts): DecodedImage {
  const joined = new Uint8Array(page.width * page.height).fill(255);
  for (const part of page.parts) {
    const data = page.read(part);
    const file = page.kind === "jpeg" ? checkedJpeg(data, part) : partTiff(page, part, data);
    const picture = decodeImage(loaded, file);
    if (picture === undefined) throw damaged();
    const width = Math.min(picture.width, page.width - part.x);
    const height = Math.min(picture.height, page.height - part.y);
    for (let y = 0; y < height; y++) {
      const row = picture.data.subarray(y * picture.width, y * picture.width + width);
      joined.set(row, (part.y + y) * page.width + part.x);
    }
  }
  return { width: page.width, height: page.height, data: joined, dpi: page.dpi };
}

function damaged(): Refusal {
  return new Refusal("broken", "the tiff is damaged: a part of the page cannot be decoded");
}

/** The header of the JPEG may tell another size than the page's. */
function checkedJpeg(data: Uint8Array, { width, height }: TiffPart): Uint8Array {
  const size = readImageSize("jpeg", data);
  if (size === undefined || size.width > width || size.height > Math.max(height, 16) * 2)
    throw damaged();
  return data;
}

/** What tells how bits are packed, for the core to unpack them. */
const packingTags = [
  ...[tiffTag.fillOrder, tiffTag.fax3Options, tiffTag.fax4Options, tiffTag.predictor],
] as const;
const faxMethods: readonly number[] = [2, 3, 4];

/** A file of which the part is the only strip, which keeps what its pixels mean. */
function partTiff({ tags, kind }: TiffParts, part: TiffPart, data: Uint8Array): Uint8Array {
  const isPacked = kind === "packed";
  const bytes = isPacked ? data.length : rowBytesOf(tags, part.width) * part.height;
  const method = isPacked ? tags.get(tiffTag.compression, 1) : 1;
  const photometric = tags.get(tiffTag.photometric, faxMethods.includes(method) ? 0 : 1);
  const samples = tags.get(tiffTag.samples, 1);
  const palette = tags.list(tiffTag.palette);
  const hasAlpha = samples === 4 && photometric === 2;
  const entries: TiffEntry[] = [
    [tiffTag.width, [part.width]],
    [tiffTag.height, [part.height]],
    [tiffTag.bits, Array<number>(samples).fill(tags.get(tiffTag.bits, 1))],
    [tiffTag.compression, [method]],
    [tiffTag.photometric, [photometric]],
    [tiffTag.stripOffsets, [0]],
    [tiffTag.samples, [samples]],
    [tiffTag.stripRows, [part.height]],
    [tiffTag.stripBytes, [bytes]],
    ...(palette.length > 0 ? [[tiffTag.palette, palette] as const] : []),
    ...(hasAlpha ? [[tiffTag.fourthSample, [tags.get(tiffTag.fourthSample, 2)]] as const] : []),
    ...(isPacked
      ? packingTags.flatMap((tag) => {
          const value = tags.get(tag, -1);
          return value < 0 ? [] : [[tag, [value]] as const];
        })
      : []),
  ];
  entries.sort(([one], [other]) => one - other);
  // Packed samples of 16 bits are in the order of the file that they come from.
  return writeTiff(entries, data.subarray(0, bytes), {
    stripBytes: bytes,
    isLittle: !isPacked || tags.file.isLittle,
  });
}

type TiffEntry = readonly [tag: number, values: readonly number[]];

/** All numbers are written as SHORT for lists and LONG otherwise; lists and pixels follow the directory. */
function writeTiff(
  entries: readonly TiffEntry[],
  pixels: Uint8Array,
  { stripBytes, isLittle }: { stripBytes: number; isLittle: boolean },
): Uint8Array {
  // A list of two stands in its entry.
  const listBytes = ({ length }: readonly number[]) => (length > 2 ? length * 2 : 0);
  const directoryEnd = 8 + 2 + entries.length * 12 + 4;
  const strip = entries.reduce((end, [, values]) => end + listBytes(values), directoryEnd);
  const file = new Uint8Array(strip + stripBytes);
  const view = new DataView(file.buffer);
  file.set(isLittle ? [0x49, 0x49, 42] : [0x4d, 0x4d, 0, 42]);
  view.setUint32(4, 8, isLittle);
  view.setUint16(8, entries.length, isLittle);
  let free = directoryEnd;
  for (const [index, [tag, values]] of entries.entries()) {
    const entry = 10 + index * 12;
    const bytes = listBytes(values);
    view.setUint16(entry, tag, isLittle);
    view.setUint16(entry + 2, values.length > 1 ? 3 : 4, isLittle);
    view.setUint32(entry + 4, values.length, isLittle);
    const [value = 0] = tag === tiffTag.stripOffsets ? [strip] : bytes > 0 ? [free] : values;
    view.setUint32(entry + 8, value, isLittle);
    const list = bytes > 0 ? free : entry + 8;
    for (const [place, one] of values.length > 1 ? values.entries() : [])
      view.setUint16(list + place * 2, one, isLittle);
    free += bytes;
  }
  file.set(pixels, strip);
  return file;
}
