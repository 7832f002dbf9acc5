import { signatures, sizes, viewOf } from "./zip/format.ts";
import { archiveFault } from "./zip/refuse.ts";

/** What follows the zip inside a signed bundle file: marker, 4 bytes of length (little-endian), body, end marker. */
const markers = {
  /** Written by `mcpb sign`: a CMS (PKCS#7) structure in DER. */
  cms: { start: "MCPB_SIG_V1", end: "MCPB_SIG_END" },
  /** Written by `berth pack --sign`: the JSON text of a detached signature. */
  berth: { start: "BERTH_SIG_V1", end: "BERTH_SIG_END" },
} as const;

/** A trailer has to fit a zip comment; `mcpb sign` with a chain of four RSA-4096 certificates takes 8 kB. */
const trailerBytesLimit = 0xffff;

/** Which kind of signature block a file ends with. */
export type TrailerKind = keyof typeof markers;

/** A bundle file, taken apart. */
export interface SplitArchive {
  /** A complete zip file: the signature block cut off and the comment length set back to 0. */
  zip: Uint8Array;
  /** The same bytes as they are in the file; some signers count the comment length in. */
  zipAsStored: Uint8Array;
  trailer?: { kind: TrailerKind; body: Uint8Array };
}

/**
 * Takes the signature block off a bundle file. The block may be counted as the zip's comment or merely follow the zip,
 * which is what `mcpb sign` up to 2.1.2 writes. Any other comment stays, and the zip reader refuses it.
 */
export function splitArchive(file: Uint8Array): SplitArchive {
  for (const kind of Object.keys(markers) as TrailerKind[]) {
    const found = findTrailer(file, kind);
    if (found === undefined) continue;
    const zipAsStored = file.subarray(0, found.at);
    return { zip: withoutComment(zipAsStored, file.length), zipAsStored, trailer: found.trailer };
  }
  return { zip: file, zipAsStored: file };
}

/** Adds a signature block as the zip's comment, so that strict readers take the file as well. */
export function joinTrailer(zip: Uint8Array, kind: TrailerKind, body: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  viewOf(length).setUint32(0, body.length, true);
  const { start, end } = markers[kind];
  const block = Buffer.concat([Buffer.from(start), length, body, Buffer.from(end)]);
  const head = new Uint8Array(zip);
  viewOf(head).setUint16(head.length - 2, block.length, true);
  return Buffer.concat([head, block]);
}

function findTrailer(file: Uint8Array, kind: TrailerKind) {
  const { start, end } = markers[kind];
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const bodyEnd = bytes.length - end.length;
  if (bodyEnd < 0 || bytes.toString("latin1", bodyEnd) !== end) return undefined;
  const searchFrom = Math.max(0, bytes.length - trailerBytesLimit);
  // The marker could also occur inside the body: only the one whose length leads to the end counts.
  for (let at = bytes.indexOf(start, searchFrom); at >= 0; at = bytes.indexOf(start, at + 1)) {
    const bodyAt = at + start.length + 4;
    if (bodyAt > bodyEnd || bodyAt + bytes.readUInt32LE(bodyAt - 4) !== bodyEnd) continue;
    return { at, trailer: { kind, body: file.subarray(bodyAt, bodyEnd) } };
  }
  throw archiveFault(`its signature block (${start}) is damaged`);
}

function withoutComment(zipAsStored: Uint8Array, fileBytes: number): Uint8Array {
  const at = zipAsStored.length - sizes.endOfDirectory;
  if (at < 0 || viewOf(zipAsStored).getUint32(at, true) !== signatures.endOfDirectory) {
    throw archiveFault("between its end and its signature block there is other data");
  }
  const commentBytes = viewOf(zipAsStored).getUint16(at + 20, true);
  if (commentBytes === 0) return zipAsStored;
  if (commentBytes !== fileBytes - zipAsStored.length) {
    throw archiveFault("its comment has another length than its signature block");
  }
  const zip = new Uint8Array(zipAsStored);
  viewOf(zip).setUint16(at + 20, 0, true);
  return zip;
}
