/** A rectangle in the page's own unit, from its top left corner. */
export interface Box {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/** One word as it was read. */
export interface Word {
  text: string;
  /** 0 to 1; 1 for words of a text layer. */
  confidence: number;
  /** Its place on the page as it was given. */
  box: Box;
  /** Its place on the page when that has been turned and straightened: rows are level there. */
  upright: Box;
  /** Words with the same number stand on one line; numbers rise in reading order. */
  line: number;
  /** Lines with the same number form one paragraph. */
  paragraph: number;
}

/** Where a page's words come from. */
export type PageSource = "text_layer" | "ocr";

/** One page as it was read. */
export interface PageText {
  /** From 1. */
  page: number;
  source: PageSource;
  /** The mean of the words' confidences, weighted by their length; 0 for a page without words. */
  confidence: number;
  /** Clockwise degrees by which the page had to be turned to be upright. */
  rotation: 0 | 90 | 180 | 270;
  /** Degrees by which its lines rose (negative) or fell (positive) after that. */
  skew: number;
  /** The language data that it was read with; for a text layer, the language that its words look like. */
  language: string;
  /** Pixels of an image, points of a PDF page; boxes are in the same unit. */
  width: number;
  height: number;
  /** Lines end in a line feed, paragraphs in an empty line. */
  text: string;
  words: Word[];
  /** Sentences that name the page; one on text that cannot be seen begins with `hidden_text`. */
  warnings: string[];
}

/** An 8-bit grey picture, one byte a pixel, no padding. */
export interface Raster {
  width: number;
  height: number;
  data: Uint8Array;
}

/** The formats that are read, told by content. */
export const formats = ["pdf", "png", "jpeg", "tiff", "webp", "bmp", "gif"] as const;
export type Format = (typeof formats)[number];

/** The mean of the confidences, weighted by the length of the words; 0 without words. */
export function meanConfidence(words: readonly { text: string; confidence: number }[]): number {
  let sum = 0;
  let weight = 0;
  for (const { text, confidence } of words) {
    sum += confidence * text.length;
    weight += text.length;
  }
  return weight === 0 ? 0 : Math.round((sum / weight) * 10_000) / 10_000;
}
