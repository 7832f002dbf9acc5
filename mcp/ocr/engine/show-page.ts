import { deflateSync } from "node:zlib";
import type { Engines } from "./engines.ts";
import type { Box, Raster } from "./model.ts";
import type { Task } from "./protocol.ts";
import { scale } from "./raster.ts";

/** The longer side of the picture, in pixels: words can be read, and the file stays small. */
const shownSide = 1_600;

/** Frames by confidence, from the best: red, green and blue. */
const colors = [
  { from: 0.9, color: [0, 150, 60] },
  { from: 0.7, color: [230, 150, 0] },
  { from: 0, color: [220, 0, 30] },
] as const;

/** Draws a page with a frame around each word: green where it was read well, orange and red where not. */
export async function showPage(
  engines: Engines,
  { document, page }: Extract<Task, { kind: "show" }>,
): Promise<{ bytes: Uint8Array }> {
  const raster =
    document.format === "pdf"
      ? await renderPage(engines, { document, page })
      : await engines.decodePage(document, page.page);
  const shown = scale(raster, Math.min(1, shownSide / Math.max(raster.width, raster.height)));
  const picture = inColor(shown);
  const factor = shown.width / page.width;
  for (const { box, confidence } of page.words) {
    const { color } = colors.find(({ from }) => confidence >= from) ?? colors[2];
    drawFrame(picture, scaled(box, factor), color);
  }
  return { bytes: encodePng(picture) };
}

async function renderPage(
  engines: Engines,
  { document, page }: Pick<Extract<Task, { kind: "show" }>, "document" | "page">,
): Promise<Raster> {
  const opened = (await engines.openPdf(document)).openPage(page.page);
  try {
    return opened.render((shownSide / Math.max(opened.width, opened.height)) * 72);
  } finally {
    opened.close();
  }
}

/** Three bytes a pixel. */
interface ColorPicture {
  width: number;
  height: number;
  data: Uint8Array;
}

function inColor({ width, height, data }: Raster): ColorPicture {
  const colored = new Uint8Array(data.length * 3);
  for (let at = 0; at < data.length; at++) colored.fill(data[at] ?? 255, at * 3, at * 3 + 3);
  return { width, height, data: colored };
}

function scaled({ x0, y0, x1, y1 }: Box, factor: number): Box {
  return {
    x0: Math.floor(x0 * factor) - 1,
    y0: Math.floor(y0 * factor) - 1,
    x1: Math.ceil(x1 * factor) + 1,
    y1: Math.ceil(y1 * factor) + 1,
  };
}

function drawFrame(
  picture: ColorPicture,
  box: Box,
  color: readonly [number, number, number],
): void {
  for (let x = box.x0; x <= box.x1; x++) {
    drawPoint(picture, { x, y: box.y0 }, color);
    drawPoint(picture, { x, y: box.y1 }, color);
  }
  for (let y = box.y0; y <= box.y1; y++) {
    drawPoint(picture, { x: box.x0, y }, color);
    drawPoint(picture, { x: box.x1, y }, color);
  }
}

function drawPoint(
  { width, height, data }: ColorPicture,
  { x, y }: { x: number; y: number },
  color: readonly [number, number, number],
): void {
  if (x >= 0 && y >= 0 && x < width && y < height) data.set(color, (y * width + x) * 3);
}

/** A PNG of eight bits a colour without filters (PNG, third edition, sections 5 and 11). */
function encodePng({ width, height, data }: ColorPicture): Uint8Array {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++)
    rows.set(data.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(Bun.hash.crc32(body), body.length + 4);
  return whole;
}
