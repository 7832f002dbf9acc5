import type { Ink } from "./ink.ts";

/** What the ink of a page tells about how it lies. */
export interface Lie {
  /** True when lines of text run up and down the picture. */
  isSideways: boolean;
  /** Clockwise degrees by which the lines fall as the picture is. */
  skew: number;
  /** The same once the picture has been turned clockwise. */
  turnedSkew: number;
}

/** Skews that are looked for, in degrees: what a page fed by hand gets. */
const skewLimit = 15;
/** Ink points that are enough for a measure. */
const pointsLimit = 20_000;
/** How much sharper the lines must be up and down than across before the page counts as sideways. */
const sidewaysFactor = 1.25;

/** Measures how the lines of a page lie, by the angle at which its rows of ink are sharpest. */
export function measureLie(small: Ink): Lie {
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

/** The marks of ink, thinned out evenly. */
function inkPoints({ width, marks }: Ink): Points {
  let count = 0;
  for (const mark of marks) if (mark === 1) count++;
  const step = Math.max(1, Math.ceil(count / pointsLimit));
  const xs = new Int16Array(Math.ceil(count / step));
  const ys = new Int16Array(xs.length);
  for (let at = 0, seen = 0; at < marks.length; at++) {
    if (marks[at] !== 1 || seen++ % step !== 0) continue;
    const place = (seen - 1) / step;
    xs[place] = at % width;
    ys[place] = Math.floor(at / width);
  }
  return { xs, ys };
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
