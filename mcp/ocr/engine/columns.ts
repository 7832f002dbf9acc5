import type { Box, Word } from "./model.ts";
import { union } from "./text-layer.ts";

/** Words of one line of a block, with the lines of other blocks that continue it. */
interface Line {
  block: number;
  words: Word[];
  box: Box;
  /** The cell to the right on the same row. */
  next?: Line;
  /** Further lines of that cell's block without a row of their own. */
  rest: Line[];
  isJoined: boolean;
}

/** Two lines stand on one row when this part of the lower one's height is common to both. */
const commonHeight = 0.5;
/** A block continues another one's rows when this part of its lines has a line of it to the left. */
const pairedShare = 0.7;
/** Labels and cells have few words; with more on both sides, two columns are prose that only stands side by side. */
const cellWords = 4.5;

/**
 * Puts the columns of forms and tables back together: where a block's lines stand on the rows of a block of short
 * lines, a reader goes along the rows. The core reads one column after the other.
 */
export function joinColumns(words: readonly (Word & { block: number })[]): Word[] {
  const lines = linesOf(words);
  const blocks = Map.groupBy(lines, ({ block }) => block);
  for (const block of blocks.values()) joinBlock(block, lines);
  return inOrder(lines.filter(({ isJoined }) => !isJoined));
}

function linesOf(words: readonly (Word & { block: number })[]): Line[] {
  const lines: Line[] = [];
  let current: number | undefined;
  for (const { block, ...word } of words) {
    const line = lines.at(-1);
    if (line && word.line === current) {
      line.words.push(word);
      line.box = union(line.box, word.upright);
    } else {
      lines.push({ block, words: [word], box: word.upright, rest: [], isJoined: false });
    }
    current = word.line;
  }
  return lines;
}

function joinBlock(block: readonly Line[], all: readonly Line[]): void {
  const partners = block.map((line) => nearestLeft(line, all));
  const byBlock = Map.groupBy(
    partners.filter((line) => line !== undefined),
    ({ block: number }) => number,
  );
  const [left] = [...byBlock.values()].sort((a, b) => b.length - a.length);
  if (left === undefined || left.length < block.length * pairedShare) return;
  if (meanWords(left) > cellWords) return;
  let row: Line | undefined;
  for (const [place, line] of block.entries()) {
    const partner = partners[place];
    if (partner && partner.block === left[0]?.block && partner.next === undefined) {
      partner.next = line;
      row = partner;
    } else if (row) {
      row.rest.push(line);
    } else {
      continue;
    }
    line.isJoined = true;
  }
}

/** The line that ends closest to the left of a line, on its row and in another block. */
function nearestLeft({ block, box }: Line, all: readonly Line[]): Line | undefined {
  const beside = all.filter(
    (other) => other.block !== block && other.box.x1 <= box.x0 + 2 && isOnRow(other.box, box),
  );
  return beside.toSorted((a, b) => b.box.x1 - a.box.x1)[0];
}

function isOnRow(a: Box, b: Box): boolean {
  const common = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  return common > commonHeight * Math.min(a.y1 - a.y0, b.y1 - b.y0);
}

function meanWords(lines: readonly Line[]): number {
  return lines.reduce((sum, { words }) => sum + words.length, 0) / lines.length;
}

/** Numbers lines and paragraphs anew; neighbouring rows that were put together form one paragraph. */
function inOrder(rows: readonly Line[]): Word[] {
  const words: Word[] = [];
  let line = -1;
  let paragraph = -1;
  let previous: { paragraph: number | undefined; isRow: boolean } | undefined;
  for (const first of rows) {
    const isRow = first.next !== undefined;
    const own = first.words[0]?.paragraph;
    const isSame =
      previous && (isRow ? previous.isRow : !previous.isRow && previous.paragraph === own);
    if (!isSame) paragraph++;
    previous = { paragraph: own, isRow };
    for (const part of [cellsOf(first), ...restOf(first).map(({ words: rest }) => rest)]) {
      line++;
      for (const word of part) words.push({ ...word, line, paragraph });
    }
  }
  return words;
}

function cellsOf({ words, next }: Line): Word[] {
  return next ? [...words, ...cellsOf(next)] : words;
}

function restOf({ rest, next }: Line): Line[] {
  return next ? [...rest, ...restOf(next)] : rest;
}
