import { crc32, deflateRawSync } from "node:zlib";
import { flags, methods, modes, signatures, sizes, viewOf } from "./format.ts";

/** One file to pack. */
export interface PackedFile {
  /** Relative, with forward slashes. */
  path: string;
  data: Uint8Array;
  isExecutable: boolean;
}

/** 1980-01-01 00:00:00, the earliest time that a zip file can say: the same input gives the same bytes on any day. */
const dosDate = (1 << 5) | 1;
const versionNeeded = 20;
/** Unix, so that readers look at the mode. */
const madeBy = (3 << 8) | versionNeeded;

/** Writes a zip file that depends on nothing but the paths, contents and x-bits: sorted, without times and owners. */
export function writeZip(files: readonly PackedFile[]): Uint8Array {
  const sorted = [...files].sort((one, other) =>
    Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)),
  );
  const bodies: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const file of sorted) {
    const name = Buffer.from(file.path);
    const packed = pack(file.data);
    const common = commonFields(file, packed, name);
    directory.push(centralHeader(common, file, offset), name);
    const body = [localHeader(common), name, packed.data];
    bodies.push(...body);
    offset += lengthOf(body);
  }
  return Buffer.concat([
    ...bodies,
    ...directory,
    endRecord(sorted.length, offset, lengthOf(directory)),
  ]);
}

interface Packed {
  method: number;
  data: Uint8Array;
}

function pack(data: Uint8Array): Packed {
  const deflated = deflateRawSync(data, { level: 9 });
  if (deflated.length < data.length) return { method: methods.deflated, data: deflated };
  return { method: methods.stored, data };
}

/** The 26 bytes that the local and the central header share, from "version needed" to "extra length". */
function commonFields(file: PackedFile, packed: Packed, name: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(26);
  const view = viewOf(bytes);
  view.setUint16(0, versionNeeded, true);
  view.setUint16(2, name.length === file.path.length ? 0 : flags.utf8, true);
  view.setUint16(4, packed.method, true);
  view.setUint16(8, dosDate, true);
  view.setUint32(10, crc32(file.data), true);
  view.setUint32(14, packed.data.length, true);
  view.setUint32(18, file.data.length, true);
  view.setUint16(22, name.length, true);
  return bytes;
}

function localHeader(common: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(sizes.localHeader);
  viewOf(bytes).setUint32(0, signatures.localHeader, true);
  bytes.set(common, 4);
  return bytes;
}

function centralHeader(common: Uint8Array, file: PackedFile, offset: number): Uint8Array {
  const bytes = new Uint8Array(sizes.centralHeader);
  const view = viewOf(bytes);
  view.setUint32(0, signatures.centralHeader, true);
  view.setUint16(4, madeBy, true);
  bytes.set(common, 6);
  const mode = modes.regular | (file.isExecutable ? 0o755 : 0o644);
  view.setUint32(38, (mode << 16) >>> 0, true);
  view.setUint32(42, offset, true);
  return bytes;
}

function endRecord(entries: number, offset: number, directoryBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizes.endOfDirectory);
  const view = viewOf(bytes);
  view.setUint32(0, signatures.endOfDirectory, true);
  view.setUint16(8, entries, true);
  view.setUint16(10, entries, true);
  view.setUint32(12, directoryBytes, true);
  view.setUint32(16, offset, true);
  return bytes;
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
