import type { TiffDirectory, TiffFile } from "./tiff-file.ts";

/** Where the numbers of a tag lie. */
interface Entry {
  type: number;
  length: number;
  start: number;
}

/** Bytes of one number of each type: BYTE, SHORT, LONG, RATIONAL, UNDEFINED, and LONG8 of BigTIFF. */
const typeBytes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 5: 8, 7: 1, 16: 8 };
const rational = 5;
/** The only tag that is read whose numbers are fractions; a fraction of a pixel would be no size. */
const resolutionTag = 282;
/** A page of 64 million pixels has fewer tiles of 16 x 16, the smallest there are. */
const lengthLimit = 300_000;

/** The entries of one TIFF directory, by tag (TIFF 6.0, section 2). Numbers are read when they are asked for. */
export class TiffTags {
  readonly file: TiffFile;
  readonly #entries = new Map<number, Entry>();

  constructor(file: TiffFile, { entries, count }: TiffDirectory) {
    this.file = file;
    for (let index = 0; index < count; index++) this.#keep(entries + index * file.entryBytes);
  }

  /** All numbers of a tag; none when it is not there or lies outside the file. */
  list(tag: number): number[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return [];
    return Array.from({ length: entry.length }, (_, place) => this.#read(entry, place));
  }

  /** The first number of a tag. */
  get(tag: number, otherwise: number): number {
    const entry = this.#entries.get(tag);
    return entry === undefined || entry.length === 0 ? otherwise : this.#read(entry, 0);
  }

  #keep(entry: number): void {
    const { file } = this;
    const tag = file.read(entry, 2);
    const type = file.read(entry + 2, 2);
    const length = file.read(entry + 4, file.wordBytes);
    const bytes = length * (typeBytes[type] ?? Number.POSITIVE_INFINITY);
    const value = entry + 4 + file.wordBytes;
    // What fits stands in the entry itself.
    const start = bytes <= file.wordBytes ? value : file.read(value, file.wordBytes);
    if (length > lengthLimit || !(start + bytes <= file.byteLength)) return;
    if (type === rational && tag !== resolutionTag) return;
    // The first of two counts, as it does for the core.
    if (!this.#entries.has(tag)) this.#entries.set(tag, { type, length, start });
  }

  #read({ type, start }: Entry, place: number): number {
    const bytes = typeBytes[type] ?? 1;
    const at = start + place * bytes;
    if (type !== rational) return this.file.read(at, bytes);
    return this.file.read(at, 4) / (this.file.read(at + 4, 4) || 1);
  }
}
