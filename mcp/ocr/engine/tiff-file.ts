/** One directory: where its entries begin, and where the next directory is; 0 after the last. */
export interface TiffDirectory {
  entries: number;
  count: number;
  next: number;
}

/** What is read of one directory at most; real ones have some twenty entries. */
const entriesLimit = 4096;

/**
 * The numbers of a TIFF's structure, in its byte order and in either size: classic files count in 32 bits (TIFF 6.0,
 * section 2), BigTIFF in 64.
 */
export class TiffFile {
  readonly #view: DataView;
  readonly byteLength: number;
  /** Whether numbers and samples of 16 bits begin with their lowest byte. */
  readonly isLittle: boolean;
  readonly isBig: boolean;
  /** Bytes of an offset or a count, which is also what an entry has room for. */
  readonly wordBytes: 4 | 8;
  readonly entryBytes: 12 | 20;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.byteLength = bytes.byteLength;
    this.isLittle = bytes[0] === 0x49;
    this.isBig = bytes[this.isLittle ? 2 : 3] === 43;
    this.wordBytes = this.isBig ? 8 : 4;
    this.entryBytes = this.isBig ? 20 : 12;
  }

  /** The offset of the first directory; 0 when there is none. */
  get first(): number {
    return this.byteLength >= 2 * this.wordBytes ? this.read(this.wordBytes, this.wordBytes) : 0;
  }

  /** undefined when it does not lie inside the file. */
  openDirectory(offset: number): TiffDirectory | undefined {
    const countBytes = this.isBig ? 8 : 2;
    const entries = offset + countBytes;
    if (entries > this.byteLength) return undefined;
    const count = this.read(offset, countBytes);
    const end = entries + count * this.entryBytes;
    if (count > entriesLimit || end + this.wordBytes > this.byteLength) return undefined;
    return { entries, count, next: this.read(end, this.wordBytes) };
  }

  /** A number without a sign. One of 64 bits above 2^53 is not exact, and beyond every file. */
  read(at: number, bytes: number): number {
    if (bytes === 1) return this.#view.getUint8(at);
    if (bytes === 2) return this.#view.getUint16(at, this.isLittle);
    if (bytes === 4) return this.#view.getUint32(at, this.isLittle);
    return Number(this.#view.getBigUint64(at, this.isLittle));
  }
}
