import type { Raster } from "./model.ts";
import { scale } from "./raster.ts";

/** Where a page has ink, on a smaller picture of it. */
export interface Ink {
  width: number;
  height: number;
  /** Its size as a part of the page's own. */
  factor: number;
  /** 1 is ink, 2 a long rule or an edge. */
  marks: Uint8Array;
}

/** The longer side of that picture, in pixels: enough for a quarter of a degree, and to tell letters from specks. */
const inkSide = 1_000;
/** A run of ink longer than this part of the side is a rule or an edge, not text. */
const ruleShare = 0.06;

/** Finds the ink of a page; long rules are told from it. */
export function findInk(raster: Raster): Ink {
  const factor = Math.min(1, inkSide / Math.max(raster.width, raster.height));
  const small = scale(raster, factor);
  const { width, height } = small;
  const marks = darkerThanAround(small);
  dropRuns(marks, { count: height, length: width, step: 1, stride: width });
  dropRuns(marks, { count: width, length: height, step: width, stride: 1 });
  return { width, height, factor, marks };
}

/** Marks pixels that are clearly darker than the mean of the square around them, so that shadows do not count as ink. */
function darkerThanAround({ width, height, data }: Raster): Uint8Array {
  const radius = 12;
  // At most 255 times a million pixels: it fits.
  const sums = new Uint32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x] as number;
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] as number) + row;
    }
  }
  const at = (x: number, y: number) => sums[y * (width + 1) + x] as number;
  const marks = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - radius);
    const bottom = Math.min(height, y + radius + 1);
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - radius);
      const right = Math.min(width, x + radius + 1);
      const sum = at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
      const mean = sum / ((right - left) * (bottom - top));
      if ((data[y * width + x] as number) < mean * 0.85 - 4) marks[y * width + x] = 1;
    }
  }
  return marks;
}

/** Removes runs of ink longer than text has. */
function dropRuns(
  marks: Uint8Array,
  lines: { count: number; length: number; step: number; stride: number },
): void {
  const limit = Math.max(20, lines.length * ruleShare);
  for (let line = 0; line < lines.count; line++) {
    const start = line * lines.stride;
    let run = 0;
    for (let at = 0; at <= lines.length; at++) {
      if (at < lines.length && marks[start + at * lines.step] !== 0) {
        run++;
        continue;
      }
      // 2 keeps a crossing rule visible to the other direction, and is no ink.
      if (run > limit)
        for (let back = at - run; back < at; back++) marks[start + back * lines.step] = 2;
      run = 0;
    }
  }
}
