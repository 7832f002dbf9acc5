import { expect, test } from "bun:test";
import { decode } from "jpeg-js";
import { encodeJpeg, encodePng, encodeTiff } from "./encode.ts";
import type { GreyImage } from "./image.ts";
import { emptyPdf } from "./pdf.ts";
import { readPdf } from "./render.ts";
import { scanPdf } from "./scan.ts";

/** Shades in both directions; at 72 dpi a pixel is a point. */
const image: GreyImage = {
  width: 48,
  height: 64,
  dpi: 72,
  pixels: Uint8Array.from({ length: 48 * 64 }, (_, at) => (at % 48) * 4 + Math.floor(at / 48)),
};

test("a PNG has every pixel as it was, to a reader of its own", async () => {
  const document = await emptyPdf("png");
  const picture = await document.embedPng(encodePng(image));
  document.addPage([48, 64]).drawImage(picture, { x: 0, y: 0, width: 48, height: 64 });
  const [page] = await readPdf(await document.save(), 72);
  expect(page).toEqual({ text: "", image });
});

test("a JPEG says its resolution and loses little", () => {
  const file = Buffer.from(encodeJpeg({ ...image, dpi: 200 }, 95));
  expect([file[13], file.readUInt16BE(14), file.readUInt16BE(16)]).toEqual([1, 200, 200]);
  const { width, height, data } = decode(file, { useTArray: true });
  expect([width, height]).toEqual([48, 64]);
  const errors = image.pixels.map((grey, at) => Math.abs(grey - (data[at * 4] ?? 0)));
  expect(errors.reduce((most, error) => Math.max(most, error), 0)).toBeLessThan(8);
});

test("a TIFF has its pages one after the other", () => {
  const second = { ...image, pixels: image.pixels.map((grey) => 255 - grey) };
  const file = Buffer.from(encodeTiff([image, second]));
  const pages: Uint8Array[] = [];
  for (let at = file.readUInt32LE(4); at !== 0; ) {
    const count = file.readUInt16LE(at);
    const tags = new Map(
      Array.from({ length: count }, (_, index) => {
        const entry = at + 2 + index * 12;
        return [file.readUInt16LE(entry), file.readUInt32LE(entry + 8)];
      }),
    );
    const strip = tags.get(273) ?? 0;
    pages.push(Uint8Array.from(file.subarray(strip, strip + (tags.get(279) ?? 0))));
    at = file.readUInt32LE(at + 2 + count * 12);
  }
  expect(pages).toEqual([image.pixels, second.pixels]);
});

test("a scanned PDF has pages of the sheet's size and no text", async () => {
  const pages = await readPdf(await scanPdf("scan", [image, image], 90), 72);
  expect(pages.map(({ text, image: { width, height } }) => ({ text, width, height }))).toEqual([
    { text: "", width: 48, height: 64 },
    { text: "", width: 48, height: 64 },
  ]);
});
