import type { Box, Word } from "./model.ts";
import type { Pdfium } from "./pdfium.ts";
import { forwards, readPlacement } from "./placement.ts";

/** One character of a text layer; its box is in points from the page's top left corner. */
export interface LayerCharacter {
  character: string;
  box: Box;
  /** False when the font does not tell which character it is. */
  isKnown: boolean;
}

/** A page with more characters is a data dump; the rest is left out. */
const charactersLimit = 400_000;

/** Reads all characters of a page's text layer with their places on the page as it is shown. */
export function readCharacters(
  pdfium: Pdfium,
  page: number,
  size: { width: number; height: number },
): LayerCharacter[] {
  const text = pdfium._FPDFText_LoadPage(page);
  if (text === 0) return [];
  const place = pdfium.wasmExports.malloc(32);
  const toPage = forwards(readPlacement(pdfium, page, size));
  const count = Math.min(pdfium._FPDFText_CountChars(text), charactersLimit);
  const characters: LayerCharacter[] = [];
  for (let index = 0; index < count; index++) {
    const code = pdfium._FPDFText_GetUnicode(text, index);
    pdfium._FPDFText_GetCharBox(text, index, place, place + 8, place + 16, place + 24);
    const view = new DataView(pdfium.HEAPU8.buffer, place, 32);
    const [left = 0, right = 0, bottom = 0, top = 0] = [0, 8, 16, 24].map((at) =>
      view.getFloat64(at, true),
    );
    characters.push({
      character: code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd",
      box: boxAround(toPage(left, top), toPage(right, bottom)),
      isKnown: pdfium._FPDFText_HasUnicodeMapError(text, index) === 0,
    });
  }
  pdfium.wasmExports.free(place);
  pdfium._FPDFText_ClosePage(text);
  return characters;
}

function boxAround(a: { x: number; y: number }, b: { x: number; y: number }): Box {
  return {
    x0: Math.min(a.x, b.x),
    y0: Math.min(a.y, b.y),
    x1: Math.max(a.x, b.x),
    y1: Math.max(a.y, b.y),
  };
}

/** A paragraph ends where the next line is further away than this many usual line distances, or stands higher. */
const paragraphDistance = 1.4;

/**
 * Joins characters into words, lines and paragraphs. PDFium itself puts line feeds between lines.
 * @param order Puts the lines into the order in which they are read.
 */
export function wordsOfLayer(
  characters: readonly LayerCharacter[],
  order: (words: readonly Word[]) => Word[] = (words) => [...words],
): Word[] {
  const words: Word[] = [];
  let open: { text: string; box: Box } | undefined;
  let line = 0;
  let isLineUsed = false;
  const finish = () => {
    if (open === undefined) return;
    const { text, box } = open;
    words.push({ text, confidence: 1, box, upright: box, line, paragraph: 0 });
    open = undefined;
    isLineUsed = true;
  };
  for (const { character, box } of characters) {
    if (/\s/.test(character)) {
      finish();
      if (/[\r\n]/.test(character) && isLineUsed) {
        line++;
        isLineUsed = false;
      }
      continue;
    }
    // PDFium marks the hyphen at a line's end with U+0002 (FPDFText_IsHyphen).
    const visible = character === "\u0002" ? "-" : character;
    open = open
      ? { text: open.text + visible, box: union(open.box, box) }
      : { text: visible, box: { ...box } };
  }
  finish();
  const ordered = order(words);
  numberParagraphs(ordered);
  return ordered;
}

function numberParagraphs(words: readonly Word[]): void {
  const lines = linesOf(words).map((line) => ({
    line,
    box: line.map(({ box }) => box).reduce(union),
  }));
  const middles = lines.map(({ box }) => (box.y0 + box.y1) / 2);
  const distances = middles.map((middle, place) => middle - (middles[place - 1] ?? middle));
  const forward = distances.filter((distance) => distance > 0).sort((a, b) => a - b);
  const usual = forward[Math.floor(forward.length / 2)] ?? 0;
  let paragraph = 0;
  for (const [place, { line, box }] of lines.entries()) {
    const distance = distances[place] ?? 0;
    const isBack = distance < -2 * (box.y1 - box.y0);
    if (isBack || (usual > 0 && distance > usual * paragraphDistance)) paragraph++;
    for (const word of line) word.paragraph = paragraph;
  }
}

/** Groups words by their line numbers, in order. */
export function linesOf(words: readonly Word[]): Word[][] {
  const lines: Word[][] = [];
  let current: number | undefined;
  for (const word of words) {
    if (word.line !== current) lines.push([]);
    current = word.line;
    lines.at(-1)?.push(word);
  }
  return lines;
}

/** The smallest box around two boxes. */
export function union(a: Box, b: Box): Box {
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}
