import { meanConfidence, type Raster, type Word } from "./model.ts";
import { crop, scale } from "./raster.ts";
import { type Recognizer, segmentation } from "./recognizer.ts";

/** Words with digits are codes, dates and amounts: no dictionary speaks for them, and one wrong digit is a wrong value. */
const sureOfDigits = 0.85;
const sureOfLetters = 0.75;
/** On a page below this confidence a second look at some words proves nothing. */
const pageFrom = 0.7;
/** Words of a page that are looked at again at most; each takes about ten milliseconds. */
const wordsLimit = 40;
/** The word is enlarged, so that the two readings have as little in common as they can. */
const enlargedBy = 1.5;

/**
 * Measured on the corpus (docs/perf-notes.md): of 100 codes and amounts that are read alike twice 97 are right, even
 * those of which the core was least sure; of 100 below the bound above that are not read alike, 44.
 */
const agreed = 0.92;
const disputed = 0.55;
/** A second reading this sure replaces a first one below `disputed` (right in 10 of 11), and stays disputed. */
const sureOtherwise = 0.85;

/** How a page was read the first time. */
interface Reading {
  languages: readonly string[];
  dpi: number;
}

/**
 * Reads doubtful words a second time, each by itself and enlarged. Two readings that agree make a word trustworthy, two
 * that differ make it doubtful, whatever the core said of the first.
 */
export async function lookAgain(
  recognizer: Recognizer,
  raster: Raster,
  { words, ...reading }: Reading & { words: readonly Word[] },
): Promise<Word[]> {
  if (meanConfidence(words) < pageFrom) return [...words];
  const looked: Word[] = [];
  let left = wordsLimit;
  for (const word of words) {
    const isDoubtful = isWorthALook(word) && left-- > 0;
    looked.push(...(isDoubtful ? await compare(word, { recognizer, raster, reading }) : [word]));
  }
  return looked;
}

function isWorthALook({ text, confidence }: Word): boolean {
  if (!/[\p{L}\p{N}]/u.test(text)) return false;
  return confidence < (/\d/.test(text) ? sureOfDigits : sureOfLetters);
}

async function compare(
  word: Word,
  { recognizer, raster, reading }: { recognizer: Recognizer; raster: Raster; reading: Reading },
): Promise<Word[]> {
  const part = scale(crop(raster, partAround(word, raster)), enlargedBy);
  const { languages, dpi } = reading;
  const again = await recognizer.recognize(part, {
    languages,
    dpi: dpi * enlargedBy,
    mode: segmentation.line,
  });
  const text = withoutRules(again.map((other) => other.text).join(" "));
  const confidence = meanConfidence(again);
  if (letters(text) === letters(word.text)) {
    // The enlarged one shows better where figures are grouped by blanks.
    const isSpaced = confidence > word.confidence && text.replaceAll(" ", "") === word.text;
    const better = { ...word, confidence: Math.max(word.confidence, confidence, agreed) };
    return isSpaced ? splitWord(better, text.split(" ")) : [better];
  }
  if (word.confidence < disputed && confidence > sureOtherwise && text !== "")
    return splitWord({ ...word, confidence: disputed }, text.split(" "));
  return [{ ...word, confidence: Math.min(word.confidence, disputed) }];
}

/** Several words in the place of one, each as wide as its letters are many. */
function splitWord(word: Word, parts: readonly string[]): Word[] {
  const letterWidth = (word.upright.x1 - word.upright.x0) / parts.join(" ").length;
  let left = word.upright.x0;
  return parts.map((text) => {
    const x1 = left + text.length * letterWidth;
    const box = { ...word.upright, x0: Math.round(left), x1: Math.round(x1) };
    left = x1 + letterWidth;
    return { ...word, text, box, upright: box };
  });
}

/** The word's box and half of its height around it. */
function partAround(
  { upright: { x0, y0, x1, y1 } }: Word,
  { width, height }: Raster,
): { left: number; top: number; width: number; height: number } {
  const margin = Math.round((y1 - y0) / 2);
  const left = Math.max(0, x0 - margin);
  const top = Math.max(0, y0 - margin);
  return {
    left,
    top,
    width: Math.min(width, x1 + margin) - left,
    height: Math.min(height, y1 + margin) - top,
  };
}

/** Without the marks that rules and neighbours leave at the edges of a cut-out. */
function withoutRules(text: string): string {
  return text.replace(/^[\s|:;'"~_*()[\]-]+|[\s|:;'"~_*()[\]-]+$/gu, "");
}

/** What two readings must have in common: letters, digits and the marks between them, but no blanks. */
function letters(text: string): string {
  return text.replace(/[^\p{L}\p{N}.,/-]/gu, "").replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
}
