import type { Raster } from "./model.ts";
import { scale } from "./raster.ts";

/** What the ink of a page tells about how it lies. */
export interface Lie {
  /** True when lines of text run up and down the picture. */
  isSideways: boolean;
  /** Clockwise degrees by which the lines fall as the picture is. */
  skew: number;
  /** The same once the picture has been turned clockwise. */
  turnedSkew: number;
}

/** The longer side of the picture that is measured, in pixels: enough for a quarter of a degree. */
const measuredSide = 1_000;
/** Skews that are looked for, in degrees: what a page fed by hand gets. */
const skewLimit = 15;
/** A run of ink longer than this part of the side is a rule or an edge, not text. */
const ruleShare = 0.06;
/** Ink points that are enough for a measure. */
const pointsLimit = 20_000;
/** How much sharper the lines must be up and down than across before the page counts as sideways. */
const sidewaysFactor = 1.25;

/** Measures how the lines of a page lie, by the angle at which its rows of ink are sharpest. */
export function measureLie(raster: Raster): Lie {
  const factor = Math.min(1, measuredSide / Math.max(raster.width, raster.height));
  const small = scale(raster, factor);
  const points = inkPoints(small);
  if (points.xs.length < 200) return { isSideways: false, skew: 0, turnedSkew: 0 };
  const reach = Math.max(small.width, small.height);
  const across = sharpestAngle(points, reach);
  // Turned clockwise, the point (x, y) comes to (height - y, x).
  const turned = { xs: points.ys.map((y) => small.height - y), ys: points.xs };
  const upDown = sharpestAngle(turned, reach);
  return {
    isSideways: upDown.sharpness > across.sharpness * sidewaysFactor,
    skew: across.angle,
    turnedSkew: upDown.angle,
  };
}

/** Places of ink, in pixels: the measured picture is far below 32,768 on each side. */
interface Points {
  xs: Int16Array;
  ys: Int16Array;
}

/** The dark pixels that are not part of long rules, thinned out evenly. */
function inkPoints({ width, height, data }: Raster): Points {
  const isInk = darkerThanAround({ width, height, data });
  dropRuns(isInk, { count: height, length: width, step: 1, stride: width });
  dropRuns(isInk, { count: width, length: height, step: width, stride: 1 });
  let count = 0;
  for (const mark of isInk) if (mark === 1) count++;
  const step = Math.max(1, Math.ceil(count / pointsLimit));
  const xs = new Int16Array(Math.ceil(count / step));
  const ys = new Int16Array(xs.length);
  for (let at = 0, seen = 0; at < isInk.length; at++) {
    if (isInk[at] !== 1 || seen++ % step !== 0) continue;
    const place = (seen - 1) / step;
    xs[place] = at % width;
    ys[place] = Math.floor(at / width);
  }
  return { xs, ys };
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

/** Tries coarse angles first and then finer ones around the best. */
function sharpestAngle(points: Points, reach: number): { angle: number; sharpness: number } {
  let best = { angle: 0, sharpness: sharpnessAt(points, 0, reach) };
  for (const [span, step] of [
    [skewLimit, 1],
    [0.75, 0.25],
    [0.2, 0.05],
  ] as const) {
    const middle = best.angle;
    for (let angle = middle - span; angle <= middle + span + 1e-9; angle += step) {
      const sharpness = sharpnessAt(points, angle, reach);
      if (sharpness > best.sharpness) best = { angle, sharpness };
    }
  }
  return best;
}

/** How uneven the rows of ink are along lines that fall by `degrees`: text lines and gaps make them most uneven. */
function sharpnessAt({ xs, ys }: Points, degrees: number, reach: number): number {
  const tangent = Math.tan((degrees * Math.PI) / 180);
  const offset = Math.ceil(reach * Math.abs(tangent)) + 1;
  const rows = new Int32Array(reach + 2 * offset + 2);
  for (let index = 0; index < xs.length; index++) {
    const row = Math.round((ys[index] as number) - (xs[index] as number) * tangent) + offset;
    rows[row] = (rows[row] as number) + 1;
  }
  let sum = 0;
  for (let row = 1; row < rows.length; row++) {
    const difference = (rows[row] as number) - (rows[row - 1] as number);
    sum += difference * difference;
  }
  return sum;
}
