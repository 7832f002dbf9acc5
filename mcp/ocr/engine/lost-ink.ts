import { findInk, type Ink } from "./ink.ts";
import { type Box, meanConfidence, type Raster, type Word } from "./model.ts";
import { crop, scale } from "./raster.ts";
import { type Recognizer, segmentation } from "./recognizer.ts";
import { union } from "./text-layer.ts";

/** On a page below this confidence nobody can say what is lost. */
const pageFrom = 0.7;
/** How far the marks of one word lie apart at most, as a part of the height of a line. */
const joinedWithin = 0.6;
/** How high lost words are, as parts of the height of the page's other words. */
const heights = { least: 0.45, most: 1.7 };
/** Marks of a lost word at least, in pixels of the small picture. */
const marksLeast = 6;
/** Lost words of a page that are read at most: more are a picture. */
const lostLimit = 60;
/** What is found must be read this well. */
const foundFrom = 0.7;
/** What is narrower than this part of its height is a piece of a rule. */
const narrowest = 0.25;
/** A single letter by itself is mostly a speck or the crossing of two rules; a digit is a quantity. */
const saysSomething = /\p{N}|\p{L}[\p{L}'’-]*\p{L}/u;
const enlargedBy = 1.5;

interface Reading {
  languages: readonly string[];
  dpi: number;
}

/**
 * Reads what the core's analysis of the layout left out: single digits of narrow columns and labels at the side of a
 * block. Ink without a word, as high as words are and on a row with some, is read by itself and put into that row.
 */
export async function findLost(
  recognizer: Recognizer,
  raster: Raster,
  { words, ...reading }: Reading & { words: readonly Word[] },
): Promise<Word[]> {
  if (meanConfidence(words) < pageFrom) return [...words];
  const found: Word[] = [...words];
  for (const place of lostPlaces(findInk(raster), words)) {
    const row = nearestOnRow(place, words);
    if (row === undefined) continue;
    const read = await readPart(recognizer, raster, { ...reading, place });
    const own = read.filter(({ box }) => isMiddleIn(box, place));
    found.push(...own.map((word) => ({ ...word, line: row.line, paragraph: row.paragraph })));
  }
  return found.length === words.length ? found : inLines(found);
}

/** Boxes of ink that no word covers, in the page's pixels. */
function lostPlaces(ink: Ink, words: readonly Word[]): Box[] {
  const usual = median(words.map(({ upright }) => (upright.y1 - upright.y0) * ink.factor));
  const marks = withoutWords(ink, words);
  const boxes = clustersOf({ ...ink, marks }, Math.max(2, Math.round(usual * joinedWithin)));
  const fitting = boxes.filter(
    ({ box, count }) =>
      count >= marksLeast &&
      box.y1 - box.y0 >= usual * heights.least &&
      box.y1 - box.y0 <= usual * heights.most &&
      box.x1 - box.x0 >= (box.y1 - box.y0) * narrowest,
  );
  if (fitting.length > lostLimit) return [];
  return fitting.map(({ box }) => rounded(scaleBox(box, 1 / ink.factor)));
}

function withoutWords({ width, height, factor, marks }: Ink, words: readonly Word[]): Uint8Array {
  const left = new Uint8Array(marks);
  for (const { upright } of words) {
    const { x0, y0, x1, y1 } = scaleBox(upright, factor);
    const from = Math.max(0, Math.floor(x0) - 1);
    const to = Math.min(width, Math.ceil(x1) + 2);
    for (let y = Math.max(0, Math.floor(y0) - 1); y < Math.min(height, Math.ceil(y1) + 2); y++)
      left.fill(0, y * width + from, Math.max(y * width + from, y * width + to));
  }
  return left;
}

interface Cluster {
  box: Box;
  count: number;
}

/** Groups marks that lie close together on a row. */
function clustersOf({ width, height, marks }: Omit<Ink, "factor">, reach: number): Cluster[] {
  const clusters: Cluster[] = [];
  for (let start = 0; start < marks.length; start++) {
    if (marks[start] !== 1) continue;
    const x = start % width;
    const y = Math.floor(start / width);
    const cluster = { box: { x0: x, y0: y, x1: x + 1, y1: y + 1 }, count: 0 };
    const open = [start];
    marks[start] = 0;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const place = { x: at % width, y: Math.floor(at / width) };
      cluster.count++;
      cluster.box = union(cluster.box, {
        x0: place.x,
        y0: place.y,
        x1: place.x + 1,
        y1: place.y + 1,
      });
      for (let dy = -1; dy <= 1; dy++) {
        const row = place.y + dy;
        if (row < 0 || row >= height) continue;
        const to = Math.min(width - 1, place.x + reach);
        for (let column = Math.max(0, place.x - reach); column <= to; column++) {
          if (marks[row * width + column] !== 1) continue;
          marks[row * width + column] = 0;
          open.push(row * width + column);
        }
      }
    }
    clusters.push(cluster);
  }
  return clusters;
}

/** The word on the same row that is closest to a place. */
function nearestOnRow(place: Box, words: readonly Word[]): Word | undefined {
  const gap = ({ upright }: Word) => Math.max(upright.x0 - place.x1, place.x0 - upright.x1);
  return words
    .filter(({ upright }) => {
      const common = Math.min(upright.y1, place.y1) - Math.max(upright.y0, place.y0);
      return common > 0.5 * Math.min(upright.y1 - upright.y0, place.y1 - place.y0);
    })
    .toSorted((a, b) => gap(a) - gap(b))[0];
}

async function readPart(
  recognizer: Recognizer,
  raster: Raster,
  { place, languages, dpi }: Reading & { place: Box },
): Promise<Word[]> {
  const margin = Math.round((place.y1 - place.y0) / 2);
  const left = Math.max(0, place.x0 - margin);
  const top = Math.max(0, place.y0 - margin);
  const width = Math.min(raster.width, place.x1 + margin) - left;
  const height = Math.min(raster.height, place.y1 + margin) - top;
  const part = scale(crop(raster, { left, top, width, height }), enlargedBy);
  const options = { languages, dpi: dpi * enlargedBy, mode: segmentation.line };
  const read = await recognizer.recognize(part, options);
  return read
    .filter(({ text, confidence }) => confidence >= foundFrom && saysSomething.test(text))
    .map((word) => {
      const { x0, y0, x1, y1 } = rounded(scaleBox(word.box, 1 / enlargedBy));
      const box = { x0: x0 + left, y0: y0 + top, x1: x1 + left, y1: y1 + top };
      return { ...word, box, upright: box };
    });
}

/** Neighbours that reach into the cut-out are not what was looked for. */
function isMiddleIn(box: Box, place: Box): boolean {
  const x = (box.x0 + box.x1) / 2;
  const y = (box.y0 + box.y1) / 2;
  return x >= place.x0 && x <= place.x1 && y >= place.y0 && y <= place.y1;
}

/** Puts each word at its place in its line; lines keep their order. */
function inLines(words: readonly Word[]): Word[] {
  return words.toSorted((a, b) => a.line - b.line || a.upright.x0 - b.upright.x0);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function scaleBox({ x0, y0, x1, y1 }: Box, factor: number): Box {
  return { x0: x0 * factor, y0: y0 * factor, x1: x1 * factor, y1: y1 * factor };
}

function rounded({ x0, y0, x1, y1 }: Box): Box {
  return { x0: Math.round(x0), y0: Math.round(y0), x1: Math.round(x1), y1: Math.round(y1) };
}
