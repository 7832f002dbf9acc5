import { deflateSync } from "node:zlib";
import { encodeJpeg } from "../tools/documents/encode.ts";
import type { GreyImage } from "../tools/documents/image.ts";
import { runsOf4Bits } from "./ocrRuns.ts";

/** A picture in ways of the formats that the decoder inside does not know by itself, by file name. */
export async function variantFiles(
  image: GreyImage,
  webp: Uint8Array,
): Promise<Record<string, Uint8Array>> {
  const { width, height, pixels } = image;
  const strip = { width, rows: 64 };
  const strips = cut(image, strip);
  const differences = strips.map((part) => deflateSync(differencesOf(part, width)));
  const tiles = cut(image, { width: 128, rows: 128 }).map((part) => deflateSync(part));
  const jpegs = strips.map((part) =>
    encodeJpeg({ ...image, height: part.length / width, pixels: part }, 90),
  );
  const size = { width, height };
  return {
    "deflate.tif": tiff(size, { method: 8, parts: strips.map((part) => deflateSync(part)), strip }),
    "differences.tif": tiff(size, { method: 8, parts: differences, strip, predictor: 2 }),
    "tiles.tif": tiff(size, { method: 32_946, parts: tiles, tile: 128 }),
    "jpeg.tif": tiff(size, { method: 7, parts: jpegs, strip, samples: 3 }),
    "deep.bmp": deepBmp(size, pixels),
    "runs-of-4-bits.bmp": runsOf4Bits(image),
    "moving.webp": movingWebp(size, webp),
  };
}

/** Rectangles from left to right and from top to bottom; what reaches beyond the picture is white. */
function cut(image: GreyImage, { width, rows }: { width: number; rows: number }): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let top = 0; top < image.height; top += rows) {
    for (let left = 0; left < image.width; left += width) {
      // Strips end with the picture, tiles do not.
      const high = width === image.width ? Math.min(rows, image.height - top) : rows;
      const part = new Uint8Array(width * high).fill(255);
      for (let y = 0; y < Math.min(high, image.height - top); y++) {
        const from = (top + y) * image.width + left;
        const end = Math.min(from + width, (top + y + 1) * image.width);
        part.set(image.pixels.subarray(from, end), y * width);
      }
      parts.push(part);
    }
  }
  return parts;
}

function differencesOf(pixels: Uint8Array, width: number): Uint8Array {
  return pixels.map((pixel, at) => (at % width === 0 ? pixel : pixel - (pixels[at - 1] ?? 0)));
}

interface TiffForm {
  method: number;
  parts: readonly Uint8Array[];
  strip?: { rows: number };
  tile?: number;
  predictor?: number;
  samples?: number;
}

function tiff(
  { width, height }: { width: number; height: number },
  { method, parts, strip, tile = 0, predictor = 1, samples = 1 }: TiffForm,
): Uint8Array {
  const entries: [tag: number, values: number[]][] = [
    [256, [width]],
    [257, [height]],
    [258, Array<number>(samples).fill(8)],
    [259, [method]],
    [262, [samples === 3 ? 6 : 1]],
    [277, [samples]],
    [317, [predictor]],
  ];
  const [places, sizes] = tile ? [324, 325] : [273, 279];
  if (tile) entries.push([322, [tile]], [323, [tile]]);
  else entries.push([278, [strip?.rows ?? height]]);
  const lengths = parts.map(({ length }) => length);
  entries.push([places, lengths], [sizes, lengths]);
  const directory = 10 + entries.length * 12 + 4;
  const listed = entries.reduce((sum, [, { length }]) => sum + (length > 1 ? length * 4 : 0), 0);
  const file = Buffer.alloc(directory + listed);
  file.set([0x49, 0x49, 42, 0, 8, 0, 0, 0, entries.length, 0]);
  let free = directory;
  entries.sort(([a], [b]) => a - b);
  for (const [index, [tag, values]] of entries.entries()) {
    const told = tag === places ? startsOf(values, file.length) : values;
    const entry = 10 + index * 12;
    file.writeUInt16LE(tag, entry);
    file.writeUInt16LE(4, entry + 2);
    file.writeUInt32LE(told.length, entry + 4);
    file.writeUInt32LE(told.length > 1 ? free : (told[0] ?? 0), entry + 8);
    if (told.length > 1) for (const value of told) free = file.writeUInt32LE(value, free);
  }
  return Buffer.concat([file, ...parts]);
}

function startsOf(lengths: readonly number[], first: number): number[] {
  return lengths.map((_, place) =>
    lengths.slice(0, place).reduce((sum, length) => sum + length, first),
  );
}

/** 32 bits a pixel, with masks and an alpha that covers everything, as screenshots are kept; rows from the top. */
function deepBmp(
  { width, height }: { width: number; height: number },
  pixels: Uint8Array,
): Uint8Array {
  const file = Buffer.alloc(14 + 56 + width * height * 4);
  file.write("BM", "latin1");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(70, 10);
  file.writeUInt32LE(56, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(-height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(32, 28);
  file.writeUInt32LE(3, 30);
  for (const [index, mask] of [0xff, 0xff00, 0xff0000, 0xff000000].entries())
    file.writeUInt32LE(mask, 54 + index * 4);
  for (const [at, grey] of pixels.entries())
    file.writeUInt32LE(0xff000000 + grey * 0x10101, 70 + at * 4);
  return file;
}

/** The picture of a still WebP as the only frame of a moving one. */
function movingWebp(
  { width, height }: { width: number; height: number },
  still: Uint8Array,
): Uint8Array {
  const picture = Buffer.from(still).subarray(12);
  const head = Buffer.alloc(18);
  head.write("VP8X", "latin1");
  head.writeUInt32LE(10, 4);
  head[8] = 2;
  head.writeUIntLE(width - 1, 12, 3);
  head.writeUIntLE(height - 1, 15, 3);
  const loop = Buffer.from("ANIM\x06\0\0\0\0\0\0\0\0\0", "latin1");
  const frame = Buffer.alloc(24);
  frame.write("ANMF", "latin1");
  frame.writeUInt32LE(16 + picture.length, 4);
  frame.writeUIntLE(width - 1, 14, 3);
  frame.writeUIntLE(height - 1, 17, 3);
  const body = Buffer.concat([Buffer.from("WEBP"), head, loop, frame, picture]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from("RIFF"), size, body]);
}
