import type { GreyImage } from "../tools/documents/image.ts";

/** Rows are written as runs, indices that are not repeated, or moves over white: all that the format has. */
const moveAbove = 40;
const runsLimit = 255;
/** Readers differ about what is left out: it is the first colour to some and white to others. Here it is both. */
const paper = 0;

/** A BMP of 16 greys packed in runs (BI_RLE4), which no program at hand writes; what is white is left out. */
export function runsOf4Bits({ width, height, pixels }: GreyImage): Uint8Array {
  const rows: number[] = [];
  for (let y = height - 1; y >= 0; y--) {
    const row = Array.from(pixels.subarray(y * width, (y + 1) * width), (grey) => 15 - (grey >> 4));
    for (let x = 0; x < width; ) {
      const count = Math.min(runsLimit, runAt(row, x));
      const isSkipped = row[x] === paper && count > moveAbove;
      const literal = Math.min(runsLimit, literalAt(row, x));
      if (isSkipped) rows.push(0, 2, count, 0);
      else if (literal > 2) rows.push(0, literal, ...nibbles(row.slice(x, x + literal)));
      else rows.push(count, (row[x] ?? 0) * 0x11);
      x += !isSkipped && literal > 2 ? literal : count;
    }
    rows.push(0, 0);
  }
  rows.push(0, 1);
  const start = 14 + 40 + 16 * 4;
  const file = Buffer.alloc(start + rows.length);
  file.write("BM", "latin1");
  for (const [at, value] of [
    [2, file.length],
    [10, start],
    [14, 40],
    [18, width],
    [22, height],
    [30, 2],
    [34, rows.length],
  ] as const)
    file.writeUInt32LE(value, at);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(4, 28);
  for (let index = 0; index < 16; index++)
    file.writeUInt32LE((15 - index) * 0x111111, 54 + index * 4);
  file.set(rows, start);
  return file;
}

function runAt(row: readonly number[], x: number): number {
  const end = row.findIndex((index, at) => at > x && index !== row[x]);
  return (end < 0 ? row.length : end) - x;
}

/** How many indices follow of which none is the same as the one before it. */
function literalAt(row: readonly number[], x: number): number {
  const end = row.findIndex((index, at) => at > x && index === row[at - 1]);
  return (end < 0 ? row.length : end) - x;
}

/** Two indices a byte, on whole words. */
function nibbles(indices: readonly number[]): number[] {
  const bytes = Array.from({ length: 2 * Math.ceil(indices.length / 4) }, () => 0);
  for (const [at, index] of indices.entries())
    bytes[at >> 1] = (bytes[at >> 1] ?? 0) | (at % 2 === 0 ? index << 4 : index);
  return bytes;
}
