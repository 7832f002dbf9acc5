/**
 * A reader for the zip files that bundles are. It is our own because the small libraries (yauzl, fflate) leave the
 * dangerous half to the caller: they check no CRC-32, no overlap, no local header against the directory, no second entry
 * of one name, and fflate shows no modes. Without zip64, encryption and old methods the rest is this file and
 * node:zlib.
 */
import { crc32, inflateRawSync } from "node:zlib";
import { type CentralHeader, readCentralHeader, readDirectory } from "./directory.ts";
import { flags, methods, modes, signatures, sizes, viewOf } from "./format.ts";
import type { ArchiveLimits } from "./limits.ts";
import { checkPath, PathRegister } from "./paths.ts";
import { archiveFault, entryFault } from "./refuse.ts";

/** One file or folder of an archive, checked but not yet unpacked. */
export interface ZipEntry {
  /** Relative, with forward slashes, without a slash at the end. */
  path: string;
  isDirectory: boolean;
  /** The only part of the mode that is kept. */
  isExecutable: boolean;
  /** The file's length, unpacked. */
  bytes: number;
  method: number;
  crc32: number;
  /** The packed data inside the archive. */
  packed: Uint8Array;
}

/** Lists what an archive holds, refusing everything that a careful packer would never write. */
export function readEntries(archive: Uint8Array, limits: ArchiveLimits): ZipEntry[] {
  if (archive.length > limits.archiveBytes) {
    throw archiveFault(`it has more than ${limits.archiveBytes} bytes`);
  }
  const directory = readDirectory(archive);
  if (directory.entries > limits.entries) {
    throw archiveFault(`it has more than ${limits.entries} entries`);
  }
  const register = new PathRegister();
  const spans: Span[] = [];
  const entries: ZipEntry[] = [];
  let totalBytes = 0;
  let at = directory.offset;
  for (let index = 0; index < directory.entries; index++) {
    const header = readCentralHeader(archive, at, directory.end);
    at = header.next;
    checkHeader(header, limits);
    register.add(header.path, header.path.endsWith("/"));
    totalBytes += header.bytes;
    if (totalBytes > limits.totalBytes) {
      throw archiveFault(`it unpacks to more than ${limits.totalBytes} bytes`);
    }
    const data = findData(archive, header, directory.offset);
    spans.push(spanOf(header, data.to));
    entries.push(entryOf(header, archive.subarray(data.from, data.to)));
  }
  if (at !== directory.end) throw archiveFault("its directory has another length than it says");
  checkSpans(spans, directory.offset);
  return entries;
}

/** Unpacks one file and compares its length and CRC-32 with the directory's. */
export function readData(entry: ZipEntry): Uint8Array {
  const data = entry.method === methods.stored ? entry.packed : inflate(entry);
  if (data.length !== entry.bytes) throw entryFault(entry.path, "has another length than it says");
  if (crc32(data) !== entry.crc32) throw entryFault(entry.path, "is damaged: its CRC-32 is wrong");
  return data;
}

function inflate(entry: ZipEntry): Uint8Array {
  try {
    // The bound is the declared length, so a lying header costs no more memory than an honest one.
    return inflateRawSync(entry.packed, { maxOutputLength: Math.max(1, entry.bytes) });
  } catch {
    throw entryFault(entry.path, "is damaged: its data is longer than it says or not deflated");
  }
}

function checkHeader(header: CentralHeader, limits: ArchiveLimits): void {
  const { path, mode, bytes, packedBytes } = header;
  checkPath(path, limits);
  if (header.flags & (flags.encrypted | flags.stronglyEncrypted | flags.masked)) {
    throw entryFault(path, "is encrypted");
  }
  if (header.flags & flags.patch) throw entryFault(path, "is a patch");
  if (header.method !== methods.stored && header.method !== methods.deflated) {
    throw entryFault(path, `uses compression method ${header.method}; expected 0 or 8`);
  }
  if ([bytes, packedBytes, header.localOffset].includes(0xffffffff)) {
    throw entryFault(path, "is a zip64 entry");
  }
  checkType(path, mode & modes.typeMask);
  if (path.endsWith("/") && (bytes > 0 || packedBytes > 0))
    throw entryFault(path, "is a folder with data");
  if (header.method === methods.stored && bytes !== packedBytes) {
    throw entryFault(path, "is stored with two lengths");
  }
  if (bytes > limits.fileBytes) throw entryFault(path, `has more than ${limits.fileBytes} bytes`);
  if (bytes > limits.ratioFromBytes && bytes > packedBytes * limits.ratio) {
    throw entryFault(path, `unpacks to more than ${limits.ratio} times its packed size`);
  }
}

function checkType(path: string, type: number): void {
  const expected = path.endsWith("/") ? modes.directory : modes.regular;
  // 0: written on a system that has no Unix modes.
  if (type === 0 || type === expected) return;
  throw entryFault(
    path,
    type === 0o120000 ? "is a symbolic link" : "is neither a file nor a folder",
  );
}

/** The packed data, after the local header has been found to say the same as the directory. */
function findData(archive: Uint8Array, header: CentralHeader, limit: number) {
  const at = header.localOffset;
  const view = viewOf(archive);
  if (at + sizes.localHeader > limit || view.getUint32(at, true) !== signatures.localHeader) {
    throw entryFault(header.path, "has no header where the directory says");
  }
  const nameBytes = view.getUint16(at + 26, true);
  const nameAt = at + sizes.localHeader;
  const from = nameAt + nameBytes + view.getUint16(at + 28, true);
  const to = from + header.packedBytes;
  if (to > limit) throw entryFault(header.path, "is cut off");
  const isSameName =
    Buffer.compare(archive.subarray(nameAt, nameAt + nameBytes), header.name) === 0;
  const isSame =
    isSameName &&
    view.getUint16(at + 6, true) === header.flags &&
    view.getUint16(at + 8, true) === header.method;
  const lengths = [14, 18, 22].map((field) => view.getUint32(at + field, true));
  const isSameLength =
    (header.flags & flags.sizesFollow) !== 0 ||
    (lengths[0] === header.crc32 &&
      lengths[1] === header.packedBytes &&
      lengths[2] === header.bytes);
  if (!isSame || !isSameLength)
    throw entryFault(header.path, "has a header that contradicts the directory");
  return { from, to };
}

function spanOf(header: CentralHeader, to: number): Span {
  const slackBytes = header.flags & flags.sizesFollow ? descriptorBytes : 0;
  return { from: header.localOffset, to, slackBytes, path: header.path };
}

/** A stretch of the archive that belongs to one entry; `slackBytes` may follow it. */
interface Span {
  from: number;
  to: number;
  slackBytes: number;
  path: string;
}

/** Signature, CRC-32 and two lengths of 8 bytes: the longest record of sizes that follow the data. */
const descriptorBytes = 24;

/** Two entries that share bytes are how a small file becomes a large bomb; bytes that belong to none hide something. */
function checkSpans(spans: Span[], directoryAt: number): void {
  let end = 0;
  let slackBytes = 0;
  for (const span of spans.sort((one, other) => one.from - other.from)) {
    if (span.from < end) throw entryFault(span.path, "overlaps another one");
    if (span.from > end + slackBytes) {
      throw archiveFault(
        `before entry ${JSON.stringify(span.path)} there is data that belongs to none`,
      );
    }
    ({ to: end, slackBytes } = span);
  }
  if (directoryAt > end + slackBytes)
    throw archiveFault("before its directory there is data that belongs to no entry");
}

function entryOf(header: CentralHeader, packed: Uint8Array): ZipEntry {
  return {
    path: header.path.replace(/\/$/, ""),
    isDirectory: header.path.endsWith("/"),
    isExecutable: !header.path.endsWith("/") && (header.mode & 0o111) !== 0,
    bytes: header.bytes,
    method: header.method,
    crc32: header.crc32,
    packed,
  };
}
