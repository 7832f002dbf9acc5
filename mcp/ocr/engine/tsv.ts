import { joinColumns } from "./columns.ts";
import type { Word } from "./model.ts";

/** The level of a word in Tesseract's TSV: pages are 1, blocks 2, paragraphs 3, lines 4. */
const wordLevel = "5";

/**
 * Reads Tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence from 0 to 100,
 * text. Lines and paragraphs are numbered through, in reading order, and columns that belong together are joined.
 */
export function wordsOfTsv(tsv: string): Word[] {
  const words: (Word & { block: number })[] = [];
  const lines = new Counter();
  const paragraphs = new Counter();
  for (const row of tsv.split("\n")) {
    const [level, , block, paragraph, line, , left, top, width, height, confidence, ...rest] =
      row.split("\t");
    const text = rest.join(" ").trim();
    if (level !== wordLevel || text === "") continue;
    const x0 = Number(left);
    const y0 = Number(top);
    const box = { x0, y0, x1: x0 + Number(width), y1: y0 + Number(height) };
    words.push({
      block: Number(block),
      text,
      confidence: Math.min(1, Math.max(0, Number(confidence) / 100)),
      box,
      upright: box,
      line: lines.of(`${block}/${paragraph}/${line}`),
      paragraph: paragraphs.of(`${block}/${paragraph}`),
    });
  }
  return joinColumns(words);
}

/** Numbers keys in the order in which they come; equal neighbours share a number. */
class Counter {
  #key = "";
  #number = -1;

  of(key: string): number {
    if (key !== this.#key) this.#number++;
    this.#key = key;
    return this.#number;
  }
}
