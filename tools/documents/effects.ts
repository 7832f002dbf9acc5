import { clampGrey, type GreyImage, mapGreys, paperWhite } from "./image.ts";
import type { Random } from "./random.ts";

/** What a scanner, a copier or a telephone does to a page. */
export type Effect =
  | { kind: "skew"; degrees: number }
  /** Clockwise, as when the sheet lay on its side. */
  | { kind: "turn"; quarters: 1 | 2 | 3 }
  /** Radius of the blur in pixels at 200 dpi. */
  | { kind: "blur"; radius: number }
  /** Grain as deviation in greys, and the share of pixels that are specks. */
  | { kind: "noise"; deviation: number; specks: number }
  /** The greys of paper and ink afterwards. */
  | { kind: "faint"; paper: number; ink: number }
  /** The darkest part's share of the light, at the binding and across the page. */
  | { kind: "shadow"; darkest: number };

/** Applies effects in turn; the random numbers decide the grain and nothing else. */
export function applyEffects(
  image: GreyImage,
  effects: readonly Effect[],
  random: Random,
): GreyImage {
  return effects.reduce((page, effect) => applyEffect(page, effect, random), image);
}

function applyEffect(image: GreyImage, effect: Effect, random: Random): GreyImage {
  switch (effect.kind) {
    case "skew":
      return skew(image, effect.degrees);
    case "turn":
      return turn(image, effect.quarters);
    case "blur":
      return blur(image, (effect.radius * image.dpi) / 200);
    case "noise":
      return addNoise(image, effect, random);
    case "faint":
      return mapGreys(image, (grey) => effect.ink + ((effect.paper - effect.ink) * grey) / 255);
    case "shadow":
      return shade(image, effect.darkest);
  }
}

/** Turns the page about its middle on a canvas of the same size. */
function skew(image: GreyImage, degrees: number): GreyImage {
  const { width, height, pixels } = image;
  // In 1/65536: whole numbers, so that the last bit of a sine decides nothing.
  const sine = Math.round(Math.sin((degrees * Math.PI) / 180) * 65536);
  const cosine = Math.round(Math.cos((degrees * Math.PI) / 180) * 65536);
  const midX = width >> 1;
  const midY = height >> 1;
  const turned = new Uint8Array(pixels.length).fill(paperWhite);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = (x - midX) * cosine + (y - midY) * sine + midX * 65536;
      const fromY = (y - midY) * cosine - (x - midX) * sine + midY * 65536;
      const left = Math.floor(fromX / 65536);
      const top = Math.floor(fromY / 65536);
      if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) continue;
      const right = (fromX - left * 65536) / 65536;
      const low = (fromY - top * 65536) / 65536;
      const at = top * width + left;
      const upper = (pixels[at] ?? 0) * (1 - right) + (pixels[at + 1] ?? 0) * right;
      const below = (pixels[at + width] ?? 0) * (1 - right) + (pixels[at + width + 1] ?? 0) * right;
      turned[y * width + x] = Math.round(upper * (1 - low) + below * low);
    }
  }
  return { ...image, pixels: turned };
}

function turn(image: GreyImage, quarters: 1 | 2 | 3): GreyImage {
  const { width, height, pixels } = image;
  const isSideways = quarters !== 2;
  const turned = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let to = (height - 1 - y) * width + (width - 1 - x);
      if (quarters === 1) to = x * height + (height - 1 - y);
      if (quarters === 3) to = (width - 1 - x) * height + y;
      turned[to] = pixels[y * width + x] ?? 0;
    }
  }
  const size = isSideways ? { width: height, height: width } : { width, height };
  return { ...image, ...size, pixels: turned };
}

/** Three runs of a moving mean in each direction come close to a Gaussian blur. */
function blur(image: GreyImage, radius: number): GreyImage {
  const { width, height } = image;
  let pixels = Float32Array.from(image.pixels);
  for (let pass = 0; pass < 3; pass++) {
    pixels = meanAlong(pixels, { runs: height, length: width, step: 1, radius });
    pixels = meanAlong(pixels, { runs: width, length: height, step: width, radius });
  }
  return { ...image, pixels: Uint8Array.from(pixels, clampGrey) };
}

interface Runs {
  runs: number;
  length: number;
  /** From one pixel of a run to the next. */
  step: number;
  /** Half of the window's width; a part of a pixel counts in part. */
  radius: number;
}

function meanAlong(
  pixels: Float32Array,
  { runs, length, step, radius }: Runs,
): Float32Array<ArrayBuffer> {
  const mean = new Float32Array(pixels.length);
  const whole = Math.floor(radius);
  const part = radius - whole;
  const stride = step === 1 ? length : 1;
  const weight = 1 / (2 * radius + 1);
  for (let run = 0; run < runs; run++) {
    const start = run * stride;
    const at = (index: number) =>
      pixels[start + Math.max(0, Math.min(length - 1, index)) * step] ?? 0;
    let sum = 0;
    for (let index = -whole; index <= whole; index++) sum += at(index);
    for (let index = 0; index < length; index++) {
      const edges = part * (at(index - whole - 1) + at(index + whole + 1));
      mean[start + index * step] = (sum + edges) * weight;
      sum += at(index + whole + 1) - at(index - whole);
    }
  }
  return mean;
}

function addNoise(
  image: GreyImage,
  { deviation, specks }: { deviation: number; specks: number },
  random: Random,
): GreyImage {
  const pixels = image.pixels.map((grey) => {
    if (specks > 0 && random.next() < specks) return random.next() < 0.5 ? 40 : 255;
    return clampGrey(grey + random.normal() * deviation);
  });
  return { ...image, pixels };
}

/** Dark at the left edge, as beside a binding, and towards the lower right, as under a hand. */
function shade(image: GreyImage, darkest: number): GreyImage {
  const { width, height } = image;
  const pixels = image.pixels.map((grey, at) => {
    const x = (at % width) / width;
    const y = Math.floor(at / width) / height;
    const binding = Math.max(0, 1 - x / 0.18);
    const hand = Math.max(0, Math.min(1, (x + y - 1.1) / 0.6));
    const dark = Math.min(1, binding * binding + hand * 0.8);
    return clampGrey(grey * (1 - (1 - darkest) * dark));
  });
  return { ...image, pixels };
}
