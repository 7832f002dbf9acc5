import { signatures, sizes, viewOf } from "./format.ts";
import { archiveFault } from "./refuse.ts";

/** Where the central directory is and how many entries it lists. */
export interface Directory {
  offset: number;
  bytes: number;
  entries: number;
  /** Where the end-of-directory record begins. */
  end: number;
}

/** One entry as the central directory describes it. */
export interface CentralHeader {
  name: Uint8Array;
  path: string;
  flags: number;
  method: number;
  crc32: number;
  packedBytes: number;
  bytes: number;
  /** The Unix mode; 0 when it was written on another system. */
  mode: number;
  localOffset: number;
  /** Where the next header begins. */
  next: number;
}

/** Finds the directory at the very end of a file: what follows a zip, or splits it, makes it ambiguous. */
export function readDirectory(archive: Uint8Array): Directory {
  const end = archive.length - sizes.endOfDirectory;
  const view = viewOf(archive);
  if (end < 0 || view.getUint32(end, true) !== signatures.endOfDirectory) {
    throw archiveFault("it is no zip file, or data follows its end");
  }
  if (view.getUint16(end + 20, true) !== 0) throw archiveFault("it is cut off within its comment");
  const [disk, directoryDisk, here, entries] = [4, 6, 8, 10].map((at) =>
    view.getUint16(end + at, true),
  );
  const [bytes = 0, offset = 0] = [12, 16].map((at) => view.getUint32(end + at, true));
  const locator = end - sizes.zip64Locator;
  const isZip64 =
    here === 0xffff ||
    bytes === 0xffffffff ||
    offset === 0xffffffff ||
    (locator >= 0 && view.getUint32(locator, true) === signatures.zip64Locator);
  if (isZip64) throw archiveFault("it is a zip64 file; expected less than 4 GB and 65,535 entries");
  if (disk !== 0 || directoryDisk !== 0 || here !== entries)
    throw archiveFault("it is one part of several");
  if (offset + bytes !== end) throw archiveFault("its directory does not end where the file ends");
  return { offset, bytes, entries: entries ?? 0, end };
}

/** Reads the header that begins at `at`; `end` is where the directory ends. */
export function readCentralHeader(archive: Uint8Array, at: number, end: number): CentralHeader {
  const view = viewOf(archive);
  if (at + sizes.centralHeader > end || view.getUint32(at, true) !== signatures.centralHeader) {
    throw archiveFault("its directory is damaged");
  }
  const [nameBytes = 0, extraBytes = 0, commentBytes = 0] = [28, 30, 32].map((field) =>
    view.getUint16(at + field, true),
  );
  const nameAt = at + sizes.centralHeader;
  const next = nameAt + nameBytes + extraBytes + commentBytes;
  if (next > end) throw archiveFault("its directory is damaged");
  const name = archive.subarray(nameAt, nameAt + nameBytes);
  return {
    name,
    path: decodePath(name),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc32: view.getUint32(at + 16, true),
    packedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    mode: view.getUint32(at + 38, true) >>> 16,
    localOffset: view.getUint32(at + 42, true),
    next,
  };
}

function decodePath(name: Uint8Array): string {
  try {
    // Names in another code page are refused rather than guessed.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(name);
  } catch {
    throw archiveFault("the path of an entry is not UTF-8");
  }
}
