import { deflateSync } from "node:zlib";
import { encodePng } from "../tools/documents/encode.ts";

/** What lies outside the root; no answer may ever hold it. */
export const secret = "ZEBRA-QUARTZ-7781";

/** Paths that try to leave the root, or are no paths. */
export function escapingPaths(outside: string): string[] {
  const name = outside.slice(1);
  const ups = Array.from({ length: 12 }, (_, count) => "../".repeat(count + 1));
  const targets = [name, "etc/passwd", "proc/self/environ", "proc/self/mem", "dev/zero", "dev/tty"];
  return [
    ...ups.flatMap((up) => targets.map((target) => up + target)),
    ...targets.map((target) => `/${target}`),
    ...targets.map((target) => `//${target}`),
    ...targets.map((target) => `/claim_documents/../../${target}`),
    ...targets.map((target) => `/claims_documents/..//..//${target}`),
    ...targets.map((target) => `note.pdf/../../../../../../../../${target}`),
    ...targets.map((target) => `./././../../../../../../../../${target}`),
    ...targets.map((target) => `file:///${target}`),
    ...targets.map((target) => `..%2f..%2f..%2f${target}`),
    ...targets.map((target) => `..\\..\\..\\${target}`),
    ...targets.map((target) => `${target}\0.pdf`),
    "..",
    ".",
    "/",
    "~",
    "~/.bashrc",
    "",
    " ",
    "\0",
    "-",
    "--help",
    "con",
    "a".repeat(300),
    "a/".repeat(3000),
    "\u202egnp.eton",
    "note.pdf/x",
    "http://127.0.0.1/note.pdf",
    "$(id)",
    "`id`",
    "*",
    "note.{pdf,png}",
  ];
}

/** Files whose decoding would take far more than they weigh, or that are no documents. */
export function bombs(): Record<string, Uint8Array> {
  const zeros = new Uint8Array(100_000_000);
  return {
    "empty.pdf": new Uint8Array(),
    "one-byte.png": Uint8Array.of(0x89),
    "text.pdf": Buffer.from("This is no PDF."),
    "header.pdf": Buffer.from("%PDF-1.7\n"),
    "script.png": Buffer.from("#!/bin/sh\necho hello\n"),
    "zip.pdf": Buffer.concat([Buffer.from("PK\x03\x04"), zeros.subarray(0, 1000)]),
    "wide.png": hollowPng(30_000, 30_000),
    "endless.png": hollowPng(0x7fffffff, 0x7fffffff),
    "thin.png": hollowPng(1, 0x7ffffff),
    "nothing.png": hollowPng(0, 0),
    "lying.png": hollowPng(3_000, 3_000),
    "stream.pdf": pdf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>", [
      stream("/Filter/FlateDecode", deflateSync(zeros)),
    ]),
    "nested.pdf": pdf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>", [
      stream("/Filter[/FlateDecode/FlateDecode]", deflateSync(deflateSync(zeros))),
    ]),
    "image.pdf": pdf(
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
      [
        stream("", Buffer.from("600 0 0 800 0 0 cm /I Do")),
        stream(
          "/Type/XObject/Subtype/Image/Width 30000/Height 30000/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode",
          deflateSync(zeros),
        ),
      ],
    ),
    "itself.pdf": pdf(
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
      [
        stream("", Buffer.from("/I Do")),
        stream(
          "/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</I 5 0 R>>>>",
          Buffer.from("/I Do /I Do"),
        ),
      ],
    ),
    "huge-page.pdf": pdf(
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9000000 9000000]/Contents 4 0 R>>",
      [stream("", Buffer.from("0 0 100 100 re f"))],
    ),
    "no-page.pdf": Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>"),
    "locked.pdf": lockedPdf(),
    "loop.tif": Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 0]),
    "wide.tif": hollowTiff(30_000, 30_000),
    "billions-of-samples.tif": tiff({ ...onePixelTile, 277: 250_000_000 }),
    "no-bits.tif": tiff({ ...onePixelTile, 258: 0, 277: 0xfffffff0 }),
    "loop-big.tif": bigTiff(16n, 16n),
    "many-entries.tif": bigTiff(2n ** 64n - 1n, 0n),
    "nowhere-big.tif": bigTiff(0n, 2n ** 63n),
    "wide-runs.bmp": runs({ width: 30_000, height: 30_000 }, []),
    // Moves far beyond the picture, writes there, and never ends.
    "lost-runs.bmp": runs({ width: 100, height: 100 }, [0, 2, 255, 255, 255, 0, 0, 255]),
    "empty-runs.bmp": runs({ width: 100, height: 100 }, []),
    "endless-runs.bmp": runs({ width: 100, height: 100 }, Array(100_000).fill(255)),
  };
}

/** A PNG whose header promises more pixels than its data holds. */
function hollowPng(width: number, height: number): Uint8Array {
  const small = Buffer.from(
    encodePng({ width: 8, height: 8, dpi: 72, pixels: new Uint8Array(64) }),
  );
  small.writeUInt32BE(width, 16);
  small.writeUInt32BE(height, 20);
  small.writeUInt32BE(Bun.hash.crc32(small.subarray(12, 29)), 29);
  return small;
}

/** A BigTIFF of one directory behind its header that tells so many entries, and where the next one is. */
function bigTiff(count: bigint, next: bigint): Uint8Array {
  const file = Buffer.alloc(16 + 8 + 16 * 20 + 8);
  file.set([0x49, 0x49, 43, 0, 8, 0, 0, 0, 16]);
  file.writeBigUInt64LE(count, 16);
  file.writeBigUInt64LE(next, count === 0n ? 24 : file.length - 8);
  return file;
}

function runs(size: { width: number; height: number }, data: readonly number[]): Uint8Array {
  const file = Buffer.alloc(54 + 1024);
  file.write("BM", "latin1");
  const numbers = { 10: file.length, 14: 40, 18: size.width, 22: size.height, 28: 8, 30: 1 };
  for (const [at, value] of Object.entries(numbers)) file.writeUInt32LE(value, Number(at));
  return Buffer.concat([file, Buffer.from(data)]);
}

function hollowTiff(width: number, height: number): Uint8Array {
  return tiff({ 256: width, 257: height });
}

/** Entries of a page that is one tile of one pixel. */
const onePixelTile = { 256: 1, 257: 1, 258: 1, 322: 1, 323: 1, 324: 8, 325: 16 };

/** A TIFF of one directory with a number for each tag. */
function tiff(entries: Readonly<Record<number, number>>): Uint8Array {
  const numbers = Object.entries(entries);
  const file = Buffer.alloc(8 + 2 + numbers.length * 12 + 4);
  file.set([0x49, 0x49, 42, 0, 8, 0, 0, 0, numbers.length, 0]);
  for (const [index, [tag, value]] of numbers.entries()) {
    const entry = 10 + index * 12;
    file.writeUInt16LE(Number(tag), entry);
    file.writeUInt16LE(4, entry + 2);
    file.writeUInt32LE(1, entry + 4);
    file.writeUInt32LE(value, entry + 8);
  }
  return file;
}

function stream(entries: string, data: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(`<<${entries}/Length ${data.length}>>stream\n`),
    data,
    Buffer.from("\nendstream"),
  ]);
}

/** A PDF of one page without a cross-reference table: readers find its objects by themselves. */
function pdf(page: string, objects: readonly Buffer[]): Uint8Array {
  const parts = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page];
  const bodies = [...parts.map((text) => Buffer.from(text)), ...objects];
  return Buffer.concat([
    Buffer.from("%PDF-1.4\n"),
    ...bodies.flatMap((body, index) => [
      Buffer.from(`${index + 1} 0 obj\n`),
      body,
      Buffer.from("\nendobj\n"),
    ]),
    Buffer.from("trailer<</Root 1 0 R>>\n"),
  ]);
}

/** A page of letter size that is drawn by PDF operators; F1 is Helvetica. */
export function drawnPdf(operators: string): Uint8Array {
  const font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>";
  const page = `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 ${font}>>>>>>`;
  return pdf(page, [stream("", Buffer.from(operators))]);
}

/** Encrypted with a password that nobody knows: the standard handler, 40 bits. */
function lockedPdf(): Uint8Array {
  const key = "41".repeat(32);
  const encrypt = `<</Filter/Standard/V 1/R 2/O<${key}>/U<${key}>/P -4>>`;
  const text = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>endobj
4 0 obj${encrypt}endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<41><41>]>>
`;
  return Buffer.from(text);
}

/** A copy with some bytes changed, cut off or repeated; the same seed does the same damage. */
export function damaged(data: Uint8Array, seed: number): Uint8Array {
  let state = seed * 2654435761 + 1;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % Math.max(1, below);
  };
  const copy = Buffer.from(data);
  // Most structure is at the start and at the end of a file.
  const place = () => [next(copy.length), next(200), copy.length - 1 - next(200)][next(3)] ?? 0;
  for (let flips = 1 + next(12); flips > 0; flips--) {
    const at = Math.max(0, Math.min(copy.length - 1, place()));
    copy[at] = next(2) === 0 ? next(256) : (copy[at] ?? 0) ^ (1 << next(8));
  }
  const kind = next(5);
  if (kind === 0) return copy.subarray(0, next(copy.length));
  if (kind === 1) return Buffer.concat([copy, copy.subarray(next(copy.length))]);
  return copy;
}
