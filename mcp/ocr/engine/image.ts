import type { LoadedCore, Pix } from "./core-module.ts";
import type { Raster } from "./model.ts";

/** A picture and the resolution that its file tells, in dots per inch; 0 when it does not. */
export interface DecodedImage extends Raster {
  dpi: number;
}

/**
 * Decodes a PNG, JPEG, TIFF, WebP, BMP or GIF in the core's heap and returns it in grey.
 * Undefined when the bytes cannot be decoded.
 */
export function decodeImage(
  { core, memory }: LoadedCore,
  bytes: Uint8Array,
): DecodedImage | undefined {
  const input = core._malloc(bytes.length);
  if (input === 0) return undefined;
  new Uint8Array(memory.buffer).set(bytes, input);
  const address = core._pixReadMem(input, bytes.length);
  core._free(input);
  if (address === 0) return undefined;
  const pix = core.wrapPointer(address, core.Pix);
  try {
    const raster = greyOf(pix, { core, memory });
    return raster && { ...raster, dpi: pix.get_xres() };
  } finally {
    const holder = core._malloc(4);
    core.setValue(holder, address, "i32");
    core._pixDestroy(holder);
    core._free(holder);
  }
}

/** Leptonica keeps rows as 32-bit words whose highest bits are the leftmost pixels, whatever the depth. */
function greyOf(pix: Pix, loaded: LoadedCore): Raster | undefined {
  const width = pix.get_w();
  const height = pix.get_h();
  const greyAt = greyReader(pix, loaded);
  if (greyAt === undefined || width === 0 || height === 0) return undefined;
  const wordsPerLine = pix.get_wpl();
  const words = new Uint32Array(loaded.memory.buffer, pix.get_data(), wordsPerLine * height);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const line = words.subarray(y * wordsPerLine, (y + 1) * wordsPerLine);
    for (let x = 0, at = y * width; x < width; x++, at++) data[at] = greyAt(line, x);
  }
  return { width, height, data };
}

type GreyReader = (line: Uint32Array, x: number) => number;

/** Indexes are inside the line by construction: it is as long as the picture is wide. */
function greyReader(pix: Pix, loaded: LoadedCore): GreyReader | undefined {
  const depth = pix.get_d();
  if (depth === 32) {
    const isTransparent = pix.get_spp() === 4;
    return (line, x) => greyOfColor(line[x] as number, isTransparent);
  }
  if (depth === 16) return (line, x) => ((line[x >> 1] as number) >>> (x & 1 ? 8 : 24)) & 0xff;
  if (![1, 2, 4, 8].includes(depth)) return undefined;
  const perWord = 32 / depth;
  const table = readPalette(pix, loaded) ?? evenShades(depth);
  const mask = (1 << depth) - 1;
  return (line, x) => {
    const shift = 32 - depth - (x % perWord) * depth;
    return table[((line[Math.floor(x / perWord)] as number) >>> shift) & mask] ?? 255;
  };
}

/** Red, green, blue and alpha from the highest byte to the lowest; what is transparent shows white paper. */
function greyOfColor(color: number, isTransparent: boolean): number {
  const grey = luma(color >>> 24, (color >>> 16) & 0xff, (color >>> 8) & 0xff);
  if (!isTransparent) return grey;
  const alpha = color & 0xff;
  return (grey * alpha + 255 * (255 - alpha)) / 255;
}

/** Grey of each index; undefined for a picture without a palette. Entries are blue, green, red, alpha. */
function readPalette(pix: Pix, { core, memory }: LoadedCore): Uint8Array | undefined {
  const colors = pix.get_colormap();
  if (core.getPointer(colors) === 0) return undefined;
  const entries = new Uint8Array(memory.buffer, colors.get_array(), colors.get_n() * 4);
  return Uint8Array.from({ length: colors.get_n() }, (_, index) => {
    const [blue = 0, green = 0, red = 0] = entries.subarray(index * 4);
    return luma(red, green, blue);
  });
}

/** Without a palette, one bit means ink and more bits mean shades from black to white. */
function evenShades(depth: number): Uint8Array {
  const count = 1 << depth;
  if (depth === 1) return Uint8Array.of(255, 0);
  return Uint8Array.from({ length: count }, (_, index) => (index * 255) / (count - 1));
}

/** How bright a colour looks, 0 to 255. */
export function luma(red: number, green: number, blue: number): number {
  return (red * 77 + green * 151 + blue * 28) >> 8;
}
