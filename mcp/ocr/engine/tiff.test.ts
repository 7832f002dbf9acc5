import { expect, test } from "bun:test";
import { listTiffPages } from "./tiff.ts";

/** A TIFF of directories of a width and a height each, so many bytes apart. */
function directories(offsets: readonly number[], entryCount: number): Uint8Array {
  const file = Buffer.alloc(8 + offsets.length * 2 * (6 + entryCount * 12));
  file.set([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  for (const [index, offset] of offsets.entries()) {
    file.writeUInt16LE(entryCount, offset);
    file.writeUInt32LE(offsets[index + 1] ?? 0, offset + 2 + entryCount * 12);
  }
  return file;
}

test("each directory of a file is a page", () => {
  const offsets = Array.from({ length: 100 }, (_, index) => 8 + index * 126);
  expect(listTiffPages(directories(offsets, 10)).map(({ offset }) => offset)).toEqual(offsets);
});

test("directories that lie over each other are read as often as the file is long", () => {
  const offsets = Array.from({ length: 100 }, (_, index) => 8 + index * 6);
  const file = directories(offsets, 4000);
  const entriesLimit = file.length / 12;
  expect(listTiffPages(file.subarray(0, 100_000)).length).toBeLessThanOrEqual(entriesLimit / 4000);
});
