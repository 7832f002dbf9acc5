/** Sizes of a RIFF chunk's head and of what stands before a frame's picture (RFC 9649, section 2.7.1.1). */
const headBytes = 8;
const frameBytes = 16;

/** The first picture of an animated WebP as a file of its own, without its transparency; other files as they are. */
export function stillWebp(bytes: Uint8Array): Uint8Array {
  const frame = findChunk(bytes, { from: 12, names: ["ANMF"] });
  if (frame === undefined) return bytes;
  const from = frame.start + headBytes + frameBytes;
  const picture = findChunk(bytes, { from, names: ["VP8 ", "VP8L"] });
  if (picture === undefined) return bytes;
  const file = Buffer.alloc(12 + picture.bytes.length);
  file.write("RIFF", "latin1");
  file.writeUInt32LE(file.length - headBytes, 4);
  file.write("WEBP", 8, "latin1");
  file.set(picture.bytes, 12);
  return file;
}

/** The first chunk of one of these names, with its head. */
function findChunk(
  bytes: Uint8Array,
  { from, names }: { from: number; names: readonly string[] },
): { start: number; bytes: Uint8Array } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + headBytes <= bytes.length; ) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    const size = view.getUint32(at + 4, true);
    // Chunks have an even length; the last byte may be padding.
    const end = at + headBytes + size + (size & 1);
    if (names.includes(name))
      return { start: at, bytes: bytes.slice(at, Math.min(end, bytes.length)) };
    at = end;
  }
  return undefined;
}
