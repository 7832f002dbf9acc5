import { inflateSync } from "node:zlib";
import { limits } from "./limits.ts";
import { Refusal } from "./refusal.ts";
import { TiffFile } from "./tiff-file.ts";
import { TiffTags } from "./tiff-tags.ts";

/** One rectangle of a page as the file keeps it: a strip or a tile. */
export interface TiffPart {
  /** Its place on the page. */
  x: number;
  y: number;
  width: number;
  height: number;
  data: Uint8Array;
}

/** A page that the core cannot decode by itself, cut into its parts. */
export interface TiffParts {
  width: number;
  height: number;
  /** Dots per inch; 0 when the file does not tell. */
  dpi: number;
  /** What `read` gives: whole JPEG files, bare pixels, or what the core unpacks. */
  kind: "jpeg" | "pixels" | "packed";
  parts: TiffPart[];
  /** Unpacks a part. */
  read(part: TiffPart): Uint8Array;
  tags: TiffTags;
}

/** The tags that are used, by name. */
export const tiffTag = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  samples: 277,
  stripRows: 278,
  stripBytes: 279,
  resolution: 282,
  planes: 284,
  fax3Options: 292,
  fax4Options: 293,
  unit: 296,
  predictor: 317,
  palette: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  fourthSample: 338,
  jpegTables: 347,
} as const;
const tag = tiffTag;

const compression = { none: 1, jpeg: 7, deflate: [8, 32_946] } as const;
/** What a pixel may consist of; the core reads no more, and a hostile file tells of billions. */
const samplesLimit = 4;
const bitsLimit = 16;
/** Fax, LZW and PackBits, which the core unpacks. */
const ofCore: readonly number[] = [2, 3, 4, 5, 32_773];

/**
 * Cuts a page into its parts when it is compressed by Deflate or JPEG, kept in tiles or in a BigTIFF, none of which the
 * core reads. Undefined for a page that the core decodes.
 * @throws Refusal `variant` for a page that is kept in yet another way, `broken` when its parts are not in the file.
 */
export function cutTiffPage(bytes: Uint8Array, offset: number): TiffParts | undefined {
  const file = new TiffFile(bytes);
  const directory = file.openDirectory(offset);
  if (directory === undefined) throw new Refusal("broken", "the tiff is damaged");
  const tags = new TiffTags(file, directory);
  const method = tags.get(tag.compression, compression.none);
  const isTiled = tags.list(tag.tileOffsets).length > 0;
  const kind = kindOf(method);
  const isWhole = kind === "packed" || method === compression.none;
  if (!isTiled && isWhole && !file.isBig) return undefined;
  const hasPlanes = tags.get(tag.planes, 1) !== 1 && tags.get(tag.samples, 1) > 1;
  if (kind === undefined || hasPlanes || (!isWhole && isOddlyPredicted(tags)))
    throw new Refusal(
      "variant",
      `the TIFF keeps its pixels in a way that is not read${isTiled ? ", in tiles" : ""}: compression ${method}`,
    );
  checkPixel(tags);
  const parts = isTiled ? listTiles(tags, bytes) : listStrips(tags, bytes);
  if (parts.length === 0) throw new Refusal("broken", "the tiff is damaged");
  // The limit on pixels counts here again: a tile may be larger than its page.
  for (const { width, height } of [...parts.slice(0, 1), sizeOf(tags)])
    if (Math.max(width, rowBytesOf(tags, width) / 4) * height > limits.pagePixels)
      throw new Refusal("too_much_memory", "the page needs too much memory");
  return {
    ...sizeOf(tags),
    dpi: resolutionOf(tags),
    kind,
    parts,
    read: (part) => readPart(part, tags, kind),
    tags,
  };
}

function checkPixel(tags: TiffTags): void {
  const [samples, bits] = [tags.get(tag.samples, 1), tags.get(tag.bits, 1)];
  if (samples >= 1 && samples <= samplesLimit && bits >= 1 && bits <= bitsLimit) return;
  throw new Refusal(
    "variant",
    `the TIFF keeps its pixels in a way that is not read: ${samples} samples of ${bits} bits`,
  );
}

function kindOf(method: number): TiffParts["kind"] | undefined {
  if (ofCore.includes(method)) return "packed";
  if (method === compression.jpeg) return "jpeg";
  return method === compression.none || isDeflated(method) ? "pixels" : undefined;
}

function isDeflated(method: number): boolean {
  return compression.deflate.some((code) => code === method);
}

function readPart(part: TiffPart, tags: TiffTags, kind: TiffParts["kind"]): Uint8Array {
  if (kind === "packed") return part.data;
  return kind === "jpeg" ? wholeJpeg(part.data, tags) : plainPixels(part, tags);
}

function sizeOf(tags: TiffTags): { width: number; height: number } {
  return { width: tags.get(tag.width, 0), height: tags.get(tag.height, 0) };
}

/** Bytes of a row of so many pixels; each row starts with a whole byte. */
export function rowBytesOf(tags: TiffTags, width: number): number {
  return Math.ceil((width * tags.get(tag.bits, 1) * tags.get(tag.samples, 1)) / 8);
}

/** Differences between neighbours are undone for samples of a byte only. */
function isOddlyPredicted(tags: TiffTags): boolean {
  const predictor = tags.get(tag.predictor, 1);
  return predictor > 2 || (predictor === 2 && tags.get(tag.bits, 1) !== 8);
}

function resolutionOf(tags: TiffTags): number {
  const perUnit = tags.get(tag.resolution, 0);
  return Math.round(tags.get(tag.unit, 2) === 3 ? perUnit * 2.54 : perUnit);
}

function listStrips(tags: TiffTags, bytes: Uint8Array): TiffPart[] {
  const { width, height } = sizeOf(tags);
  const rows = Math.min(tags.get(tag.stripRows, height), height);
  const sizes = tags.list(tag.stripBytes);
  return tags.list(tag.stripOffsets).flatMap((start, index) => {
    const y = index * rows;
    if (y >= height) return [];
    const data = bytes.subarray(start, start + (sizes[index] ?? 0));
    return [{ x: 0, y, width, height: Math.min(rows, height - y), data }];
  });
}

function listTiles(tags: TiffTags, bytes: Uint8Array): TiffPart[] {
  const [width, height] = [tags.get(tag.tileWidth, 0), tags.get(tag.tileHeight, 0)];
  if (width === 0 || height === 0) return [];
  const across = Math.ceil(tags.get(tag.width, 0) / width);
  const down = Math.ceil(tags.get(tag.height, 0) / height);
  const sizes = tags.list(tag.tileBytes);
  return tags
    .list(tag.tileOffsets)
    .slice(0, across * down)
    .map((start, index) => ({
      x: (index % across) * width,
      y: Math.floor(index / across) * height,
      width,
      height,
      data: bytes.subarray(start, start + (sizes[index] ?? 0)),
    }));
}

function plainPixels(part: TiffPart, tags: TiffTags): Uint8Array {
  const rowBytes = rowBytesOf(tags, part.width);
  const isPacked = isDeflated(tags.get(tag.compression, compression.none));
  const pixels = isPacked ? inflate(part.data, rowBytes * part.height) : part.data;
  if (tags.get(tag.bits, 1) === 16 && !tags.file.isLittle)
    return Buffer.from(pixels.subarray(0, pixels.length & ~1)).swap16();
  if (tags.get(tag.predictor, 1) === 2 && isPacked)
    addUp(pixels, rowBytes, tags.get(tag.samples, 1));
  return pixels;
}

function inflate(data: Uint8Array, limitBytes: number): Uint8Array {
  try {
    return inflateSync(data, { maxOutputLength: Math.max(1, limitBytes) });
  } catch {
    throw new Refusal("broken", "the tiff is damaged: its pixels cannot be unpacked");
  }
}

/** Each sample is kept as its difference to the one at its left (TIFF 6.0, section 14). */
function addUp(pixels: Uint8Array, rowBytes: number, samples: number): void {
  for (let row = 0; row < pixels.length; row += rowBytes) {
    const end = Math.min(pixels.length, row + rowBytes);
    for (let at = row + samples; at < end; at++)
      pixels[at] = (pixels[at] as number) + (pixels[at - samples] as number);
  }
}

/** A strip as a file of its own: the tables that all strips share, and what its colours are (TIFF technical note 2). */
function wholeJpeg(data: Uint8Array, tags: TiffTags): Uint8Array {
  const tables = Uint8Array.from(tags.list(tag.jpegTables)).subarray(2, -2);
  const isYcc = tags.get(tag.photometric, 6) === 6;
  const marks = tags.get(tag.samples, 1) === 3 ? adobeMark(isYcc) : Uint8Array.of();
  return Buffer.concat([Uint8Array.of(0xff, 0xd8), marks, tables, data.subarray(2)]);
}

function adobeMark(isYcc: boolean): Uint8Array {
  return Uint8Array.of(0xff, 0xee, 0, 14, ...Buffer.from("Adobe"), 0, 100, 0, 0, 0, 0, +isYcc);
}
