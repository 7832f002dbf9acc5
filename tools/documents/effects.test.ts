import { beforeAll, expect, test } from "bun:test";
import { applyEffects, type Effect } from "./effects.ts";
import { type GreyImage, inkOf } from "./image.ts";
import { setDocument } from "./pdf.ts";
import { seededRandom } from "./random.ts";
import { readPdf } from "./render.ts";

let page: GreyImage;
beforeAll(async () => {
  const text = "Every line of this paragraph is as level as the printer could make it. ".repeat(20);
  const blocks = [{ kind: "paragraph", text: text.trim() }] as const;
  const { pdf } = await setDocument({ title: "", blocks, paper: "a4", family: "sans", size: 11 });
  const [read] = await readPdf(pdf, 100);
  if (read === undefined) throw new Error("no page");
  page = read.image;
});

test("the same seed gives the same pixels, another one others", () => {
  const noise: Effect = { kind: "noise", deviation: 20, specks: 0.01 };
  const grainOf = (seed: string) => applyEffects(page, [noise], seededRandom(seed)).pixels;
  expect(grainOf("a")).toEqual(grainOf("a"));
  expect(grainOf("a")).not.toEqual(grainOf("b"));
});

test("skew turns the lines by its degrees and loses no ink", () => {
  expect(slopeDegrees(page)).toBe(0);
  for (const degrees of [-3, 2, 4]) {
    const skewed = apply({ kind: "skew", degrees });
    expect(slopeDegrees(skewed)).toBeCloseTo(degrees, 0);
    expect(inkOf(skewed) / inkOf(page)).toBeCloseTo(1, 2);
  }
});

test("a quarter turn lays the sheet on its side; four make it as it was", () => {
  const quarter: Effect = { kind: "turn", quarters: 1 };
  const side = apply(quarter);
  expect([side.width, side.height]).toEqual([page.height, page.width]);
  // Clockwise: the upper left corner goes to the upper right one.
  expect(side.pixels[side.width - 1 - 70 + 90 * side.width]).toBe(
    page.pixels[90 + 70 * page.width],
  );
  expect(apply(quarter, quarter)).toEqual(apply({ kind: "turn", quarters: 2 }));
  expect(apply({ kind: "turn", quarters: 3 })).toEqual(apply(quarter, quarter, quarter));
  expect(apply(quarter, quarter, quarter, quarter)).toEqual(page);
});

test("blur keeps the ink and flattens its edges", () => {
  const blurred = apply({ kind: "blur", radius: 1.5 });
  expect(inkOf(blurred) / inkOf(page)).toBeCloseTo(1, 2);
  expect(steepest(blurred)).toBeLessThan(steepest(page) * 0.75);
});

test("noise has the deviation it is given", () => {
  const grey = { ...page, pixels: page.pixels.map(() => 128) };
  const noise: Effect = { kind: "noise", deviation: 10, specks: 0 };
  const { pixels } = applyEffects(grey, [noise], seededRandom("noise"));
  const variance = pixels.reduce((sum, value) => sum + (value - 128) ** 2, 0) / pixels.length;
  expect(Math.sqrt(variance)).toBeCloseTo(10, 0);
});

test("a faint page has the greys of paper and ink that were asked for", () => {
  const { pixels } = apply({ kind: "faint", paper: 230, ink: 180 });
  expect([
    pixels.reduce((a, b) => Math.min(a, b)),
    pixels.reduce((a, b) => Math.max(a, b)),
  ]).toEqual([180, 230]);
});

test("a shadow is darkest at the left edge and leaves the middle alone", () => {
  const { pixels, width, height } = apply({ kind: "shadow", darkest: 0.4 });
  const row = Math.floor(height * 0.02) * width;
  expect([pixels[row], pixels[row + (width >> 1)]]).toEqual([102, 255]);
});

function apply(...effects: Effect[]): GreyImage {
  return applyEffects(page, effects, seededRandom("test"));
}

/** The turn in whole degrees that gathers the ink in the fewest rows. */
function slopeDegrees(image: GreyImage): number {
  let best = { degrees: 0, sharpness: 0 };
  for (let degrees = -6; degrees <= 6; degrees++) {
    const rows = new Float64Array(image.height * 2);
    const slope = Math.tan((degrees * Math.PI) / 180);
    image.pixels.forEach((grey, at) => {
      const y = Math.floor(at / image.width) - (at % image.width) * slope;
      const row = Math.round(y + image.height / 2);
      rows[row] = (rows[row] ?? 0) + 255 - grey;
    });
    const sharpness = rows.reduce((sum, ink) => sum + ink * ink, 0);
    if (sharpness > best.sharpness) best = { degrees, sharpness };
  }
  return best.degrees;
}

function steepest({ pixels }: GreyImage): number {
  let most = 0;
  for (let at = 1; at < pixels.length; at++) {
    most = Math.max(most, Math.abs((pixels[at] ?? 0) - (pixels[at - 1] ?? 0)));
  }
  return most;
}
