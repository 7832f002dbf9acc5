import type { Box, PageText, Word } from "./model.ts";
import { type LayerCharacter, linesOf, wordsOfLayer } from "./text-layer.ts";

type Rotation = PageText["rotation"];
type Size = Pick<PageText, "width" | "height">;

/** The words of a text layer that may run up, down or backwards on the page as it is shown. */
export function wordsOfTurnedLayer(
  characters: readonly LayerCharacter[],
  size: Size,
): { words: Word[]; rotation: Rotation } {
  const rotation = turnOf(characters);
  if (rotation === 0) return { words: wordsOfLayer(characters), rotation };
  const upright = characters.map((character) => ({
    ...character,
    box: turnBox(character.box, rotation, size),
  }));
  const turned = rotation === 180 ? size : { width: size.height, height: size.width };
  const words = wordsOfLayer(upright, downwards).map((word) => ({
    ...word,
    box: turnBox(word.upright, back[rotation], turned),
  }));
  return { words, rotation };
}

/** Whether a character stands above or below its neighbour in the word, instead of beside it. */
export function isSideways(characters: readonly LayerCharacter[], place: number): boolean {
  const at = characters[place];
  const beside = [characters[place - 1], characters[place + 1]].find(isShown);
  if (at === undefined || beside === undefined) return false;
  const { x, y } = step(beside.box, at.box);
  return Math.abs(y) > Math.abs(x);
}

/** Clockwise degrees by which the page has to be turned to be read: what most of the text within words says. */
function turnOf(characters: readonly LayerCharacter[]): Rotation {
  let [right, down] = [0, 0];
  for (const [place, after] of characters.entries()) {
    const before = characters[place - 1];
    if (!isShown(before) || !isShown(after)) continue;
    const { x, y } = step(before.box, after.box);
    right += x;
    down += y;
  }
  if (Math.abs(right) >= Math.abs(down)) return right >= 0 ? 0 : 180;
  return down < 0 ? 90 : 270;
}

function isShown(character: LayerCharacter | undefined): character is LayerCharacter {
  return character !== undefined && /[^\s\p{C}]/u.test(character.character);
}

/** From the middle of one box to the middle of another, doubled. */
function step(from: Box, to: Box): { x: number; y: number } {
  return { x: to.x0 + to.x1 - from.x0 - from.x1, y: to.y0 + to.y1 - from.y0 - from.y1 };
}

/** PDFium puts the lines of a page on its side in the order of the page, which may be from the last to the first. */
function downwards(words: readonly Word[]): Word[] {
  const lines = linesOf(words);
  const tops = lines.map((line) => line[0]?.upright.y0 ?? 0);
  const rising = tops.filter((top, place) => top < (tops[place - 1] ?? top)).length;
  if (rising * 2 < lines.length - 1) return [...words];
  return lines
    .toReversed()
    .flatMap((line, number) => line.map((word) => ({ ...word, line: number })));
}

const back: Record<Rotation, Rotation> = { 0: 0, 90: 270, 180: 180, 270: 90 };

/** A box after its page, which has this size before, was turned clockwise. */
function turnBox({ x0, y0, x1, y1 }: Box, degrees: Rotation, { width, height }: Size): Box {
  switch (degrees) {
    case 0:
      return { x0, y0, x1, y1 };
    case 90:
      return { x0: height - y1, y0: x0, x1: height - y0, y1: x1 };
    case 180:
      return { x0: width - x1, y0: height - y1, x1: width - x0, y1: height - y0 };
    case 270:
      return { x0: y0, y0: width - x1, x1: y1, y1: width - x0 };
  }
}
