/**
 * Characters that show nothing and can hide or reorder what is shown: controls, bidirectional marks and overrides,
 * zero-width characters, soft hyphens, variation selectors, tags, byte order marks and unpaired surrogates.
 */
const invisible =
  /(?!\n)\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|\u034f|[\u115f\u1160\u3164\uffa0]|\u17b4|\u17b5|[\u180b-\u180d]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/** Cleans one word; what is left may be empty. */
export function cleanWord(text: string): string {
  return text.normalize("NFC").replace(invisible, "").replace(/\s+/g, "");
}
