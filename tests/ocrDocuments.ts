import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Glob } from "bun";
import { applyEffects, type Effect } from "../tools/documents/effects.ts";
import { encodeJpeg, encodePng, encodeTiff } from "../tools/documents/encode.ts";
import type { GreyImage } from "../tools/documents/image.ts";
import { setDocument } from "../tools/documents/pdf.ts";
import { seededRandom } from "../tools/documents/random.ts";
import { readPdf } from "../tools/documents/render.ts";
import { scanPdf } from "../tools/documents/scan.ts";

const picturesFolder = join(import.meta.dir, "ocrPictures");

/** What the note says; few words, because every reading of it takes part of a second. */
export const noteText = "Claim number CLM-2025-0042\nThe kitchen pipe burst on 4 March 2025.";

/** A small note as PDF with a text layer, as long as wanted. */
export async function notePdf(pages = 1): Promise<Uint8Array> {
  const [first = "", second = ""] = noteText.split("\n");
  const note = [
    { kind: "lines", lines: [first] },
    { kind: "paragraph", text: second },
  ] as const;
  const blocks = Array.from({ length: pages }, (_, page) =>
    page === 0 ? note : ([{ kind: "page-break" }, ...note] as const),
  ).flat();
  const { pdf } = await setDocument({
    title: "Note",
    blocks,
    paper: "receipt",
    family: "sans",
    size: 9,
  });
  return pdf;
}

/** The note as a scanner sees it. */
export async function noteImage(effects: readonly Effect[] = []): Promise<GreyImage> {
  const [page] = await readPdf(await notePdf(), 200);
  if (page === undefined) throw new Error("the note has no page");
  return applyEffects(page.image, effects, seededRandom("note"));
}

/** The note in every format that is written here, by file name. */
export async function noteFiles(): Promise<Record<string, Uint8Array>> {
  const image = await noteImage();
  const png = encodePng(image);
  return {
    "note.pdf": await notePdf(),
    "scan.pdf": await scanPdf("Note", [image], 90),
    "note.png": png,
    "note.jpg": encodeJpeg(image, 90),
    "note.tif": encodeTiff([image, image]),
    "note.webp": await new Bun.Image(png).webp({ quality: 90 }).bytes(),
    "note.bmp": encodeBmp(image),
    "note.gif": encodeGif(image),
  };
}

/** A folder for documents that is removed with its owner. */
export function documentFolder(): Disposable & {
  path: string;
  write(name: string, data: Uint8Array | string): string;
} {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "ocr-documents-")));
  return {
    path,
    write(name, data) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, data);
      return file;
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The note as other programs have written it, by file name. */
export async function pictureFiles(): Promise<Record<string, Uint8Array>> {
  const names = [...new Glob("*.{tif,bmp}").scanSync(picturesFolder)].sort();
  const files = names.map((name) => Bun.file(join(picturesFolder, name)).bytes());
  return Object.fromEntries((await Promise.all(files)).map((data, index) => [names[index], data]));
}

/** A grey BMP with a palette; its rows go from the bottom to the top and end on 4 bytes. */
function encodeBmp({ width, height, pixels }: GreyImage): Uint8Array {
  const stride = (width + 3) & ~3;
  const file = Buffer.alloc(1078 + stride * height);
  file.write("BM", "latin1");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(1078, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(8, 28);
  for (let grey = 0; grey < 256; grey++) file.fill(grey, 54 + grey * 4, 57 + grey * 4);
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray((height - 1 - y) * width, (height - y) * width);
    file.set(row, 1078 + y * stride);
  }
  return file;
}

/** A GIF of 128 greys without compression: a clear code before the code size could grow. */
function encodeGif({ width, height, pixels }: GreyImage): Uint8Array {
  const head = Buffer.alloc(13 + 128 * 3);
  head.write("GIF89a", "latin1");
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  head[10] = 0xf6;
  for (let grey = 0; grey < 128; grey++) head.fill(grey * 2, 13 + grey * 3, 16 + grey * 3);
  const frame = Buffer.alloc(10);
  frame[0] = 0x2c;
  frame.writeUInt16LE(width, 5);
  frame.writeUInt16LE(height, 7);
  // Codes of 8 bits: 7-bit pixels, 128 clears the table, 129 ends the picture.
  const codes: number[] = [];
  for (const [at, grey] of pixels.entries()) {
    if (at % 120 === 0) codes.push(128);
    codes.push(grey >> 1);
  }
  codes.push(129);
  const blocks: Buffer[] = [];
  for (let at = 0; at < codes.length; at += 255) {
    const part = codes.slice(at, at + 255);
    blocks.push(Buffer.from([part.length, ...part]));
  }
  return Buffer.concat([head, frame, Buffer.from([7]), ...blocks, Buffer.from([0, 0x3b])]);
}
