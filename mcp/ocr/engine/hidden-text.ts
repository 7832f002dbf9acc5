import { cleanWord } from "./clean.ts";
import { isSideways } from "./layer-turn.ts";
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
/** Fewer hidden letters in a row are thin ones of a faint print. */
const runLimit = 3;
/** What a warning repeats of the text, in characters. */
const quotedLimit = 80;

/** Text of a layer that the page does not show. */
export interface HiddenText {
  /** Its beginning. */
  text: string;
  /** The part of the layer's letters that cannot be seen, 0 to 1. */
  share: number;
}

/**
 * The text of a layer that the page does not show: white on white, under a picture, off the page, without ink or too
 * small to read. Undefined when all can be seen.
 * @param picture The page at `dpi` dots per inch.
 */
export function findHiddenText(
  characters: readonly LayerCharacter[],
  picture: Raster,
  dpi: number,
): HiddenText | undefined {
  const runs: { letters: number; text: string }[] = [];
  let all = 0;
  let wasHidden = false;
  for (const [place, { character, box }] of characters.entries()) {
    const run = runs.at(-1);
    if (!/[\p{L}\p{N}]/u.test(character)) {
      if (wasHidden && run) run.text += /\s/.test(character) ? " " : character;
      continue;
    }
    all++;
    const high = isSideways(characters, place) ? box.x1 - box.x0 : box.y1 - box.y0;
    const isHidden = high < tinyPoints || !hasInk(picture, box, dpi / 72);
    if (isHidden && wasHidden && run) {
      run.letters++;
      run.text += character;
    } else if (isHidden) runs.push({ letters: 1, text: character });
    wasHidden = isHidden;
  }
  return told(runs, all);
}

function told(
  runs: readonly { letters: number; text: string }[],
  all: number,
): HiddenText | undefined {
  const long = runs.filter(({ letters }) => letters >= runLimit);
  const letters = long.reduce((sum, run) => sum + run.letters, 0);
  if (letters < lettersLimit) return undefined;
  const text = long
    .map((run) => run.text)
    .join(" ")
    .slice(0, quotedLimit);
  return {
    text: text.split(/\s+/).map(cleanWord).filter(Boolean).join(" "),
    share: letters / all,
  };
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
