import { Refusal } from "./refusal.ts";

/** A picture of runs, and what its indices look like. */
export interface RunsOptions {
  width: number;
  height: number;
  /** Bits of an index. */
  bits: 4 | 8;
  /** Grey of each index. */
  shades: Uint8Array;
}

/** What follows a zero, unless it is a count of indices that are not repeated. */
const escapes = { lineEnd: 0, pictureEnd: 1, move: 2 } as const;

/**
 * Unpacks the runs of a BMP (BI_RLE8 and BI_RLE4) into grey, first row first. What the runs leave out is white paper;
 * what they write beyond the picture is left out.
 * @throws Refusal `broken` when the data ends before the picture.
 */
export function unpackRuns(data: Uint8Array, options: RunsOptions): Uint8Array {
  const { width, height } = options;
  const grey = new Uint8Array(width * height).fill(255);
  const perByte = 8 / options.bits;
  const shadeAt = shadeReader(data, options);
  let [x, y, at] = [0, 0, 0];
  const put = (count: number, shade: (index: number) => number): void => {
    for (let index = 0; index < count && x + index < width; index++)
      grey[y * width + x + index] = shade(index);
    x += count;
  };
  while (y < height) {
    if (at + 2 > data.length) {
      // Some writers leave out the end of the picture behind its last row.
      if (y === height - 1 && x >= width) break;
      throw new Refusal("broken", "the bmp is damaged: its pixels end too early");
    }
    const [count = 0, word = 0] = data.subarray(at, at + 2);
    at += 2;
    const next = at * perByte;
    if (count > 0) put(count, (index) => shadeAt(next - perByte + (index % perByte)));
    else if (word === escapes.pictureEnd) break;
    else if (word === escapes.lineEnd) [x, y] = [0, y + 1];
    else if (word === escapes.move) {
      [x, y] = [x + (data[at] ?? 0), y + (data[at + 1] ?? 0)];
      at += 2;
    } else {
      put(word, (index) => shadeAt(next + index));
      // They end on a whole word.
      at += 2 * Math.ceil(word / perByte / 2);
    }
  }
  return grey;
}

/** The shade of the index at a place, counted in indices; the first of two in a byte has its high bits. */
function shadeReader(data: Uint8Array, { bits, shades }: RunsOptions): (place: number) => number {
  if (bits === 8) return (place) => shades[data[place] ?? 0] ?? 0;
  return (place) => shades[((data[place >> 1] ?? 0) >> (place & 1 ? 0 : 4)) & 15] ?? 0;
}
