import type { Pdfium } from "./pdfium.ts";

/** A place or a direction, in points. */
export interface Point {
  x: number;
  y: number;
}

/** How a page's own space lies on the page as it is shown, in points from the top left corner. */
export interface Placement {
  origin: Point;
  /** Where a step of one point to the right and one upwards leads. */
  right: Point;
  up: Point;
}

/** Whole pixels that the page is mapped onto, to read PDFium's own mapping without rounding it away. */
const mapPixels = 1_000_000;

/** PDFium maps page space onto pixels, rotation and crop box included; the map is linear, so three points tell it. */
export function readPlacement(
  pdfium: Pdfium,
  page: number,
  size: { width: number; height: number },
): Placement {
  const place = pdfium.wasmExports.malloc(8);
  const map = (x: number, y: number): Point => {
    const whole = [0, 0, mapPixels, mapPixels, 0] as const;
    pdfium._FPDF_PageToDevice(page, ...whole, x, y, place, place + 4);
    const view = new DataView(pdfium.HEAPU8.buffer, place, 8);
    return {
      x: (view.getInt32(0, true) / mapPixels) * size.width,
      y: (view.getInt32(4, true) / mapPixels) * size.height,
    };
  };
  const origin = map(0, 0);
  const step = (to: Point) => ({ x: (to.x - origin.x) / 1000, y: (to.y - origin.y) / 1000 });
  const placement = { origin, right: step(map(1000, 0)), up: step(map(0, 1000)) };
  pdfium.wasmExports.free(place);
  return placement;
}

/** From the page's own space to the page as it is shown. */
export function forwards({ origin, right, up }: Placement): (x: number, y: number) => Point {
  return (x, y) => ({
    x: origin.x + right.x * x + up.x * y,
    y: origin.y + right.y * x + up.y * y,
  });
}

/** From a direction on the page as it is shown to one in the page's own space. */
export function directionBack({ right, up }: Placement): (direction: Point) => Point {
  const area = right.x * up.y - up.x * right.y;
  return ({ x, y }) => ({
    x: (x * up.y - y * up.x) / area,
    y: (y * right.x - x * right.y) / area,
  });
}
