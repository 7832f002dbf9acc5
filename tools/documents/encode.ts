import { crc32, deflateSync } from "node:zlib";
import { encode } from "jpeg-js";
import type { GreyImage } from "./image.ts";

const inchesAMetre = 39.3701;

/** A grey PNG that says its resolution. */
export function encodePng({ width, height, dpi, pixels }: GreyImage): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits, grey, deflate, the standard filters, not interlaced.
  header.set([8, 0, 0, 0, 0], 8);
  const resolution = Buffer.alloc(9);
  resolution.writeUInt32BE(Math.round(dpi * inchesAMetre), 0);
  resolution.writeUInt32BE(Math.round(dpi * inchesAMetre), 4);
  resolution[8] = 1;
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("pHYs", resolution),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A JPEG that says its resolution; quality from 1 to 100. */
export function encodeJpeg({ width, height, dpi, pixels }: GreyImage, quality: number): Uint8Array {
  const data = new Uint8Array(pixels.length * 4);
  for (let at = 0; at < pixels.length; at++) data.fill(pixels[at] ?? 0, at * 4, at * 4 + 3);
  const file = encode({ width, height, data }, quality).data;
  // Bytes of the JFIF header: the unit (1: an inch), then both densities.
  file[13] = 1;
  file.writeUInt16BE(dpi, 14);
  file.writeUInt16BE(dpi, 16);
  return file;
}

/** A multi-page TIFF, not compressed, as simple scanners write it. */
export function encodeTiff(images: readonly GreyImage[]): Uint8Array {
  const parts: Buffer[] = [Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0])];
  let offset = 8;
  images.forEach((image, page) => {
    const directory = tiffDirectory(image, { offset, isLast: page === images.length - 1 });
    parts.push(directory, Buffer.from(image.pixels));
    offset += directory.length + image.pixels.length;
  });
  return Buffer.concat(parts);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** The directory of one page with its two fractions; the pixels follow it, the next directory follows them. */
function tiffDirectory(image: GreyImage, place: { offset: number; isLast: boolean }): Buffer {
  const short = 3;
  const long = 4;
  const fraction = 5;
  const entryCount = 11;
  const entriesBytes = 2 + entryCount * 12 + 4;
  const fractionsAt = place.offset + entriesBytes;
  const pixelsAt = fractionsAt + 16;
  const size = image.pixels.length;
  const entries: [tag: number, type: number, value: number][] = [
    [256, long, image.width],
    [257, long, image.height],
    [258, short, 8],
    // Not compressed; 0 is black; one sample a pixel, all rows in one strip.
    [259, short, 1],
    [262, short, 1],
    [273, long, pixelsAt],
    [277, short, 1],
    [278, long, image.height],
    [279, long, size],
    [282, fraction, fractionsAt],
    [283, fraction, fractionsAt + 8],
  ];
  const directory = Buffer.alloc(entriesBytes + 16);
  directory.writeUInt16LE(entryCount, 0);
  entries.forEach(([tag, type, value], index) => {
    const at = 2 + index * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(1, at + 4);
    directory.writeUInt32LE(value, at + 8);
  });
  directory.writeUInt32LE(place.isLast ? 0 : pixelsAt + size, entriesBytes - 4);
  for (const at of [entriesBytes, entriesBytes + 8]) {
    directory.writeUInt32LE(image.dpi, at);
    directory.writeUInt32LE(1, at + 4);
  }
  return directory;
}
