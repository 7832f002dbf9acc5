import { cleanWord } from "./clean.ts";
import type { Box, Raster } from "./model.ts";
import type { LayerCharacter } from "./text-layer.ts";

/** Dots per inch of the picture that letters are looked for in: enough to see whether there is ink. */
export const inkDpi = 72;
/** Where the greys of a letter's place differ by less, a person sees nothing there. */
const visibleContrast = 20;
/** Letters lower than this cannot be read, in points: the smallest print of contracts has twice as much. */
const tinyPoints = 1.4;
/** Fewer letters are an accident of a font or a drawing, not a text. */
const lettersLimit = 8;
/** What a warning repeats of the text, in characters. */
const quotedLimit = 80;

/**
 * The text of a layer that the page does not show: white on white, under a picture, off the page, without ink or too
 * small to read. Undefined when all can be seen.
 * @param picture The page at `dpi` dots per inch.
 */
export function findHiddenText(
  characters: readonly LayerCharacter[],
  picture: Raster,
  dpi: number,
): string | undefined {
  let letters = 0;
  let text = "";
  let wasHidden = false;
  for (const { character, box } of characters) {
    if (!/[\p{L}\p{N}]/u.test(character)) {
      if (wasHidden && text.length < quotedLimit) text += /\s/.test(character) ? " " : character;
      continue;
    }
    const isHidden = box.y1 - box.y0 < tinyPoints || !hasInk(picture, box, dpi / 72);
    if (isHidden) {
      letters++;
      if (text.length < quotedLimit) text += wasHidden ? character : ` ${character}`;
    }
    wasHidden = isHidden;
  }
  if (letters < lettersLimit) return undefined;
  return text.split(/\s+/).map(cleanWord).filter(Boolean).join(" ");
}

function hasInk({ width, height, data }: Raster, box: Box, scale: number): boolean {
  const right = Math.min(width, Math.ceil(box.x1 * scale));
  const bottom = Math.min(height, Math.ceil(box.y1 * scale));
  let least = 255;
  let most = 0;
  for (let y = Math.max(0, Math.floor(box.y0 * scale)); y < bottom; y++) {
    for (let x = Math.max(0, Math.floor(box.x0 * scale)); x < right; x++) {
      const grey = data[y * width + x] as number;
      if (grey < least) least = grey;
      if (grey > most) most = grey;
      if (most - least >= visibleContrast) return true;
    }
  }
  return false;
}
