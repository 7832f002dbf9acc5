/** Where the numbers of a tag lie. */
interface Entry {
  type: number;
  length: number;
  start: number;
}

/** Bytes of one number of each type: BYTE, SHORT, LONG, RATIONAL, UNDEFINED. */
const typeBytes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 5: 8, 7: 1 };
/** A page of 64 million pixels has fewer tiles of 16 x 16, the smallest there are. */
const lengthLimit = 300_000;

/** The entries of one TIFF directory, by tag (TIFF 6.0, section 2). Numbers are read when they are asked for. */
export class TiffTags {
  readonly #view: DataView;
  /** Whether numbers and samples of 16 bits begin with their lowest byte. */
  readonly isLittle: boolean;
  readonly #entries = new Map<number, Entry>();

  /** @param offset Of a directory that lies inside the file. */
  constructor(bytes: Uint8Array, offset: number) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.isLittle = bytes[0] === 0x49;
    const count = this.#view.getUint16(offset, this.isLittle);
    for (let index = 0; index < count; index++) this.#keep(offset + 2 + index * 12);
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
    const type = this.#view.getUint16(entry + 2, this.isLittle);
    const length = this.#view.getUint32(entry + 4, this.isLittle);
    const bytes = length * (typeBytes[type] ?? Number.POSITIVE_INFINITY);
    // Up to four bytes stand in the entry itself.
    const start = bytes <= 4 ? entry + 8 : this.#view.getUint32(entry + 8, this.isLittle);
    if (length > lengthLimit || !(start + bytes <= this.#view.byteLength)) return;
    this.#entries.set(this.#view.getUint16(entry, this.isLittle), { type, length, start });
  }

  #read({ type, start }: Entry, place: number): number {
    const at = start + place * (typeBytes[type] ?? 1);
    if (type === 3) return this.#view.getUint16(at, this.isLittle);
    if (type === 4) return this.#view.getUint32(at, this.isLittle);
    if (type !== 5) return this.#view.getUint8(at);
    const [above, below] = [at, at + 4].map((half) => this.#view.getUint32(half, this.isLittle));
    return (above ?? 0) / (below || 1);
  }
}
