const callPlace = "$call";
const callDigits = 7;

/** Bytes that are sent or looked for again and again, with places for the number of the call. */
export class Template {
  readonly bytes: Buffer;
  readonly #places: number[] = [];

  /** `text` with `$call` where the number of the call belongs, in 7 digits. */
  constructor(text: string) {
    const parts = text.split(callPlace).map((part) => Buffer.from(part));
    const digits = Buffer.alloc(callDigits, "0");
    let length = 0;
    for (const part of parts.slice(0, -1)) {
      length += part.length;
      this.#places.push(length);
      length += callDigits;
    }
    this.bytes = Buffer.concat(
      parts.flatMap((part, index) => (index === 0 ? [part] : [digits, part])),
    );
  }

  /** The bytes for one call; the same buffer each time. */
  of(call: number): Buffer {
    for (const place of this.#places) {
      let rest = call;
      for (let index = place + callDigits - 1; index >= place; index--) {
        this.bytes[index] = 0x30 + (rest % 10);
        rest = Math.floor(rest / 10);
      }
    }
    return this.bytes;
  }
}

/** Fills in the number of a connection: as a number for `"$connection"`, in 3 digits for `$connection` in a text. */
export function forConnection(text: string, connection: number): string {
  return text
    .replaceAll('"$connection"', `${connection}`)
    .replaceAll("$connection", `${connection}`.padStart(3, "0"));
}
