import type { Box, PageText } from "./model.ts";
import { allocate } from "./pdf.ts";
import type { Pdfium } from "./pdfium.ts";
import { directionBack, type Placement, type Point, readPlacement } from "./placement.ts";

/** Text that is neither filled nor stroked: it can be found, and shows nothing (ISO 32000-1, table 106). */
const invisible = 3;
/** The part of a word's height that lies below the line it is written on. */
const descent = 0.2;
/** One of the fonts that every reader has. */
const fontName = Buffer.from("Helvetica\0", "latin1");

/** Writes the words of a page where they stand on its picture, invisibly. Boxes are in points. */
export function writeWords(
  pdfium: Pdfium,
  { document, page }: { document: number; page: number },
  { words, rotation, width, height }: PageText,
): void {
  const placement = readPlacement(pdfium, page, { width, height });
  const font = allocate(pdfium, fontName.length);
  pdfium.HEAPU8.set(fontName, font);
  // Four numbers of bounds, or six of a matrix.
  const place = allocate(pdfium, 24);
  for (const { text, box } of words) {
    const lie = lieOf(box, rotation);
    const object = pdfium._FPDFPageObj_NewTextObj(document, font, Math.max(1, lie.height));
    if (object === 0) continue;
    setText(pdfium, object, text);
    pdfium._FPDFTextObj_SetTextRenderMode(object, invisible);
    pdfium._FPDFPageObj_GetBounds(object, place, place + 4, place + 8, place + 12);
    const [left = 0, , right = 0] = new Float32Array(pdfium.HEAPU8.buffer, place, 4);
    const stretch = right > left ? lie.length / (right - left) : 1;
    // On a skewed page readers see no gap between two words that stand at different heights.
    setText(pdfium, object, `${text} `);
    const matrix = matrixOf(lie, placement, stretch);
    new Float32Array(pdfium.HEAPU8.buffer, place, 6).set(matrix);
    pdfium._FPDFPageObj_SetMatrix(object, place);
    pdfium._FPDFPage_InsertObject(page, object);
  }
  pdfium.wasmExports.free(place);
  pdfium.wasmExports.free(font);
}

function setText(pdfium: Pdfium, object: number, text: string): void {
  const encoded = Buffer.from(`${text}\0`, "utf16le");
  const address = allocate(pdfium, encoded.length);
  pdfium.HEAPU8.set(encoded, address);
  pdfium._FPDFText_SetText(object, address);
  pdfium.wasmExports.free(address);
}

/** How a word lies on the page as it is shown, from the top left corner. */
interface Lie {
  start: Point;
  along: Point;
  up: Point;
  length: number;
  height: number;
}

/** @param rotation Clockwise degrees by which the page has to be turned to be read. */
function lieOf({ x0, y0, x1, y1 }: Box, rotation: PageText["rotation"]): Lie {
  const [wide, high] = [x1 - x0, y1 - y0];
  switch (rotation) {
    case 0:
      return {
        start: { x: x0, y: y1 },
        along: { x: 1, y: 0 },
        up: { x: 0, y: -1 },
        length: wide,
        height: high,
      };
    case 90:
      return {
        start: { x: x1, y: y1 },
        along: { x: 0, y: -1 },
        up: { x: -1, y: 0 },
        length: high,
        height: wide,
      };
    case 180:
      return {
        start: { x: x1, y: y0 },
        along: { x: -1, y: 0 },
        up: { x: 0, y: 1 },
        length: wide,
        height: high,
      };
    case 270:
      return {
        start: { x: x0, y: y0 },
        along: { x: 0, y: 1 },
        up: { x: 1, y: 0 },
        length: high,
        height: wide,
      };
  }
}

function matrixOf(lie: Lie, placement: Placement, stretch: number): number[] {
  const back = directionBack(placement);
  const along = back(lie.along);
  const up = back(lie.up);
  const { origin } = placement;
  const start = back({
    x: lie.start.x + lie.up.x * lie.height * descent - origin.x,
    y: lie.start.y + lie.up.y * lie.height * descent - origin.y,
  });
  return [along.x * stretch, along.y * stretch, up.x, up.y, start.x, start.y];
}
