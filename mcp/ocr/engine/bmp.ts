import { unpackRuns } from "./bmp-runs.ts";
import type { DecodedImage } from "./image.ts";
import { luma } from "./image.ts";
import { Refusal } from "./refusal.ts";

/** Compression 0 is none, 1 and 2 are runs, 3 and 6 are none with masks that tell where the colours are. */
const plain = 0;
const masked: readonly number[] = [3, 6];
/** Bits a pixel, by the way in which runs are packed. */
const runs: Readonly<Record<number, 4 | 8>> = { 1: 8, 2: 4 };
/** Without masks, 32 bits are blue, green, red and one byte that nobody uses. */
const usualMasks = [0xff0000, 0xff00, 0xff, 0] as const;

/**
 * Decodes a BMP of 32 bits a pixel or of runs, which the core takes for damaged. Undefined for one that the core decodes.
 * @throws Refusal `variant` when its pixels are packed in another way, `broken` when they are not all there.
 */
export function decodeOddBmp(bytes: Uint8Array): DecodedImage | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 54 || view.getUint32(14, true) < 40) return undefined;
  const [bits, packing] = [view.getUint16(28, true), view.getUint32(30, true)];
  const hasMasks = masked.includes(packing);
  if (bits === runs[packing]) return decodeRuns(view, bits);
  if (packing !== plain && !hasMasks)
    throw new Refusal(
      "variant",
      `the BMP is packed in a way that is not read: compression ${packing}`,
    );
  if (bits !== 32) return undefined;
  const [width, rows] = [view.getInt32(18, true), view.getInt32(22, true)];
  const height = Math.abs(rows);
  const start = view.getUint32(10, true);
  if (start + width * height * 4 > bytes.length) throw new Refusal("broken", "the bmp is damaged");
  const greyAt = greyReader(hasMasks ? readMasks(view) : usualMasks);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    // Rows go from the bottom to the top unless the height is negative.
    const from = start + (rows < 0 ? y : height - 1 - y) * width * 4;
    for (let x = 0; x < width; x++)
      data[y * width + x] = greyAt(view.getUint32(from + x * 4, true));
  }
  return { width, height, data, dpi: dpiOf(view) };
}

/** The palette stands before the pixels; an entry that it lacks is black. */
function decodeRuns(view: DataView, bits: 4 | 8): DecodedImage {
  const [width, rows] = [view.getInt32(18, true), view.getInt32(22, true)];
  const [palette, start] = [14 + view.getUint32(14, true), view.getUint32(10, true)];
  const end = Math.min(start, view.byteLength);
  const shades = Uint8Array.from({ length: 1 << bits }, (_, index) => {
    const color = palette + index * 4;
    if (color + 3 > end) return 0;
    return luma(view.getUint8(color + 2), view.getUint8(color + 1), view.getUint8(color));
  });
  const size = { width, height: Math.abs(rows) };
  const packed = new Uint8Array(view.buffer, view.byteOffset + end, view.byteLength - end);
  const data = unpackRuns(packed, { ...size, bits, shades });
  return { ...size, data: rows < 0 ? data : upsideDown(data, width), dpi: dpiOf(view) };
}

function dpiOf(view: DataView): number {
  return Math.round(view.getInt32(38, true) * 0.0254);
}

function upsideDown(data: Uint8Array, width: number): Uint8Array {
  const turned = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += width)
    turned.set(data.subarray(at, at + width), data.length - width - at);
  return turned;
}

type Masks = readonly [red: number, green: number, blue: number, alpha: number];

/** They follow the first 40 bytes of the header, the one for alpha only in headers that are longer. */
function readMasks(view: DataView): Masks {
  const at = (place: number) => (place + 4 <= view.byteLength ? view.getUint32(place, true) : 0);
  return [at(54), at(58), at(62), view.getUint32(14, true) >= 56 ? at(66) : 0];
}

/** What is transparent shows white paper. */
function greyReader([red, green, blue, alpha]: Masks): (pixel: number) => number {
  const [r, g, b, a] = [red, green, blue, alpha].map(channel);
  if (!r || !g || !b || !a) return () => 255;
  return (pixel) => {
    const grey = luma(r(pixel), g(pixel), b(pixel));
    if (alpha === 0) return grey;
    const cover = a(pixel);
    return (grey * cover + 255 * (255 - cover)) / 255;
  };
}

/** The bits of a mask as a number from 0 to 255. */
function channel(mask: number): (pixel: number) => number {
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return most === 0 ? () => 0 : (pixel) => (((pixel & mask) >>> shift) * 255) / most;
}
