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
    const file = page.kind === "jpeg" ? checkedJpeg(data, part) : bareTiff(page, part, data);
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

/** A little-endian file with one strip of bare pixels, which keeps what they mean. */
function bareTiff({ tags }: TiffParts, part: TiffPart, data: Uint8Array): Uint8Array {
  const bytes = rowBytesOf(tags, part.width) * part.height;
  const samples = tags.get(tiffTag.samples, 1);
  const palette = tags.list(tiffTag.palette);
  const hasAlpha = samples === 4 && tags.get(tiffTag.photometric, 1) === 2;
  const entries: [tag: number, values: readonly number[]][] = [
    [tiffTag.width, [part.width]],
    [tiffTag.height, [part.height]],
    [tiffTag.bits, Array<number>(samples).fill(tags.get(tiffTag.bits, 1))],
    [tiffTag.compression, [1]],
    [tiffTag.photometric, [tags.get(tiffTag.photometric, 1)]],
    [tiffTag.stripOffsets, [0]],
    [tiffTag.samples, [samples]],
    [tiffTag.stripRows, [part.height]],
    [tiffTag.stripBytes, [bytes]],
    ...(palette.length > 0 ? [[tiffTag.palette, palette] as [number, readonly number[]]] : []),
    ...(hasAlpha
      ? [[tiffTag.fourthSample, [tags.get(tiffTag.fourthSample, 2)]] as [number, readonly number[]]]
      : []),
  ];
  return writeTiff(entries, data, bytes);
}

/** All numbers are written as SHORT for lists and LONG otherwise; lists and pixels follow the directory. */
function writeTiff(
  entries: readonly [tag: number, values: readonly number[]][],
  pixels: Uint8Array,
  pixelBytes: number,
): Uint8Array {
  const listBytes = entries.reduce(
    (sum, [, values]) => sum + (values.length > 1 ? values.length * 2 : 0),
    0,
  );
  const directoryEnd = 8 + 2 + entries.length * 12 + 4;
  const file = Buffer.alloc(directoryEnd + listBytes + 4 + pixelBytes);
  file.set([0x49, 0x49, 42, 0, 8, 0, 0, 0, entries.length, 0]);
  let free = directoryEnd;
  for (const [index, [tag, values]] of entries.entries()) {
    const entry = 10 + index * 12;
    const isList = values.length > 1;
    file.writeUInt16LE(tag, entry);
    file.writeUInt16LE(isList ? 3 : 4, entry + 2);
    file.writeUInt32LE(values.length, entry + 4);
    if (!isList)
      file.writeUInt32LE(
        tag === tiffTag.stripOffsets ? file.length - pixelBytes : (values[0] ?? 0),
        entry + 8,
      );
    else if (values.length === 2) {
      for (const [place, value] of values.entries())
        file.writeUInt16LE(value, entry + 8 + place * 2);
    } else {
      file.writeUInt32LE(free, entry + 8);
      for (const value of values) free = file.writeUInt16LE(value, free);
    }
  }
  file.set(pixels.subarray(0, pixelBytes), file.length - pixelBytes);
  return file;
}
