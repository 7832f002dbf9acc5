import type { Format } from "./model.ts";

/** The size in pixels that an image's header tells. */
export interface ImageSize {
  width: number;
  height: number;
}

/** Reads the size from the header, before anything is decoded; undefined when the header is damaged. */
export function readImageSize(format: Format, bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = readers[format]?.(view);
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}

const readers: Partial<Record<Format, (view: DataView) => ImageSize | undefined>> = {
  png: (view) =>
    view.byteLength < 24 ? undefined : { width: view.getUint32(16), height: view.getUint32(20) },
  gif: (view) =>
    view.byteLength < 10
      ? undefined
      : { width: view.getUint16(6, true), height: view.getUint16(8, true) },
  bmp: (view) =>
    view.byteLength < 26
      ? undefined
      : // A negative height means rows from the top.
        { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) },
  webp: readWebp,
  jpeg: readJpeg,
};

/** RFC 9649, sections 2.5 to 2.7: lossy, lossless and extended files keep their size in different places. */
function readWebp(view: DataView): ImageSize | undefined {
  if (view.byteLength < 30) return undefined;
  const kind = view.getUint32(12);
  if (kind === 0x56503820)
    return {
      width: view.getUint16(26, true) & 0x3fff,
      height: view.getUint16(28, true) & 0x3fff,
    };
  if (kind === 0x5650384c) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  return { width: readUint24(view, 24) + 1, height: readUint24(view, 27) + 1 };
}

function readUint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** Walks the segments to the frame header (ISO/IEC 10918-1, B.2.2). */
function readJpeg(view: DataView): ImageSize | undefined {
  let at = 2;
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    const isBare = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += isBare ? 2 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}
