/** The most pixels of one page: an A3 sheet at 600 dots per inch has 70 million. */
const pixelLimit = 100_000_000;
/** The most directories of a TIFF that are followed. */
const directoryLimitCount = 10_000;

/** What was found in an image: its pages, or why it is refused. */
export type ImageFinding = { pageCount: number } | { problem: string; isTooLarge: boolean };

interface Size {
  width: number;
  height: number;
}

/** Reads the size of an image's pages from its headers; nothing is expanded. */
export function inspectImage(mimeType: string, bytes: Buffer): ImageFinding {
  const sizes = sizesOf(mimeType, bytes);
  if (sizes.length === 0 || sizes.some(({ width, height }) => width < 1 || height < 1)) {
    return { problem: "the image cannot be read", isTooLarge: false };
  }
  if (sizes.some(({ width, height }) => width * height > pixelLimit)) {
    return { problem: "the image has too many pixels", isTooLarge: true };
  }
  return { pageCount: sizes.length };
}

/** A header that points outside the file has no sizes. */
function sizesOf(mimeType: string, bytes: Buffer): Size[] {
  try {
    if (mimeType === "image/png")
      return [{ width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }];
    if (mimeType === "image/bmp") return [bitmapSize(bytes)];
    if (mimeType === "image/jpeg") return jpegSizes(bytes);
    if (mimeType === "image/webp") return webpSizes(bytes);
    return tiffSizes(bytes);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function bitmapSize(bytes: Buffer): Size {
  const isOld = bytes.readUInt32LE(14) === 12;
  if (isOld) return { width: bytes.readUInt16LE(18), height: bytes.readUInt16LE(20) };
  // A negative height means that the rows go from top to bottom.
  return { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) };
}

/** Goes from marker to marker up to the frame header (ITU T.81, annex B). */
function jpegSizes(bytes: Buffer): Size[] {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return [];
    const marker = bytes.readUInt8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [{ height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }];
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return [];
}

/** Lossy, lossless and extended WebP keep the size in three ways (RFC 9649, section 2). */
function webpSizes(bytes: Buffer): Size[] {
  const form = bytes.toString("latin1", 12, 16);
  if (form === "VP8X") {
    return [{ width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }];
  }
  if (form === "VP8L") {
    const bits = bytes.readUInt32LE(21);
    return [{ width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }];
  }
  if (form !== "VP8 ") return [];
  return [{ width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }];
}

/** One page a directory; each names the next (TIFF 6.0, section 2). */
function tiffSizes(bytes: Buffer): Size[] {
  const isLittle = bytes[0] === 0x49;
  const short = (at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const sizes: Size[] = [];
  const seen = new Set<number>();
  for (let at = long(4); at !== 0; ) {
    if (seen.has(at) || seen.size >= directoryLimitCount) return [];
    seen.add(at);
    const size: Size = { width: 0, height: 0 };
    const count = short(at);
    for (let entry = at + 2; entry < at + 2 + count * 12; entry += 12) {
      const value = short(entry + 2) === 3 ? short(entry + 8) : long(entry + 8);
      if (short(entry) === 256) size.width = value;
      if (short(entry) === 257) size.height = value;
    }
    sizes.push(size);
    at = long(at + 2 + count * 12);
  }
  return sizes;
}
