import type { Word } from "./model.ts";

/** Words that stand side by side on the page, from left to right. */
export interface Row {
  words: Word[];
  /** The mean height of its words, in the page's unit. */
  height: number;
}

/** Two words stand on one row when this part of the smaller one's height is common to both. */
const commonHeight = 0.5;

/** Groups words into the rows that a reader sees, across the blocks that the words were read in. */
export function rowsOf(words: readonly Word[]): Row[] {
  const sorted = words.toSorted((a, b) => middle(a) - middle(b));
  const rows: { words: Word[]; top: number; bottom: number }[] = [];
  for (const word of sorted) {
    // Only the last few rows can reach down to a word, as words come from top to bottom.
    const row = rows.slice(-4).findLast((candidate) => isBeside(candidate, word));
    if (row === undefined) {
      rows.push({ words: [word], top: word.upright.y0, bottom: word.upright.y1 });
      continue;
    }
    row.words.push(word);
    const count = row.words.length;
    row.top += (word.upright.y0 - row.top) / count;
    row.bottom += (word.upright.y1 - row.bottom) / count;
  }
  return rows.map((row) => ({
    words: row.words.toSorted((a, b) => a.upright.x0 - b.upright.x0),
    height: row.bottom - row.top,
  }));
}

function middle({ upright: box }: Word): number {
  return (box.y0 + box.y1) / 2;
}

function isBeside(row: { top: number; bottom: number }, { upright: box }: Word): boolean {
  const common = Math.min(row.bottom, box.y1) - Math.max(row.top, box.y0);
  return common > commonHeight * Math.min(row.bottom - row.top, box.y1 - box.y0);
}
