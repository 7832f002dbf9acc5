/** A grey picture: a byte a pixel, 0 is black, row by row from the upper left. */
export interface GreyImage {
  width: number;
  height: number;
  /** Dots an inch. */
  dpi: number;
  pixels: Uint8Array;
}

/** What scanners take for paper without anything on it. */
export const paperWhite = 255;

/** The same picture with every grey replaced. */
export function mapGreys(image: GreyImage, greyOf: (grey: number) => number): GreyImage {
  const table = Uint8Array.from({ length: 256 }, (_, grey) => clampGrey(greyOf(grey)));
  return { ...image, pixels: image.pixels.map((grey) => table[grey] ?? 0) };
}

/** The nearest grey that exists. */
export function clampGrey(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}

/** How much ink there is: the mean darkness of all pixels, from 0 to 1. */
export function inkOf({ pixels }: GreyImage): number {
  let sum = 0;
  for (const grey of pixels) sum += 255 - grey;
  return sum / 255 / pixels.length;
}
