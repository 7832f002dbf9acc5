/** A kind of document, recognised by its content. */
export interface DocumentKind {
  mimeType: string;
  extension: string;
}

const pdf: DocumentKind = { mimeType: "application/pdf", extension: "pdf" };

/** The first bytes of each kind; null stands for any byte. */
const signatures: readonly (readonly [DocumentKind, readonly (number | null)[]])[] = [
  [{ mimeType: "image/jpeg", extension: "jpg" }, [0xff, 0xd8, 0xff]],
  [{ mimeType: "image/png", extension: "png" }, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  [{ mimeType: "image/tiff", extension: "tiff" }, [0x49, 0x49, 0x2a, 0x00]],
  [{ mimeType: "image/tiff", extension: "tiff" }, [0x4d, 0x4d, 0x00, 0x2a]],
  [
    { mimeType: "image/webp", extension: "webp" },
    [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50],
  ],
];
const bmp: DocumentKind = { mimeType: "image/bmp", extension: "bmp" };

/** How far into a file a PDF's header may stand, in bytes (ISO 32000-1, annex H, note 13). */
const pdfHeaderReachBytes = 1024;

/** Which kind of document the bytes are; undefined for anything else. */
export function recogniseKind(bytes: Uint8Array): DocumentKind | undefined {
  const found = signatures.find(([, signature]) =>
    signature.every((byte, index) => byte === null || bytes[index] === byte),
  );
  if (found) return found[0];
  if (isBitmap(bytes)) return bmp;
  const head = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    Math.min(bytes.length, pdfHeaderReachBytes),
  );
  return head.includes("%PDF-") && !isArchive(bytes) ? pdf : undefined;
}

/** `BM` alone begins many texts: the header's size, which follows, is one of few. */
function isBitmap(bytes: Uint8Array): boolean {
  if (bytes.length < 26 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) return false;
  return [12, 40, 52, 56, 64, 108, 124].includes(Buffer.from(bytes).readUInt32LE(14));
}

/** A ZIP that holds a PDF without compression has its header near the beginning, too. */
function isArchive(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}
