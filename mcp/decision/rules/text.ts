import { fold } from "../../../src/core/privacy/fold.ts";

/** The words of a text, folded; everything but letters and digits separates them. */
export function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** True when `phrase` stands in `text` as whole words. Both are word lists joined by single spaces; see `joinWords`. */
export function containsPhrase(text: string, phrase: string): boolean {
  return phrase !== "" && ` ${text} `.includes(` ${phrase} `);
}

/** A text as `containsPhrase` takes it. */
export function joinWords(text: string): string {
  return wordsOf(text).join(" ");
}

/** True when two names hold the same words in any order; titles and initials are words like others. */
export function isSameName(one: string, other: string): boolean {
  return wordsOf(one).sort().join(" ") === wordsOf(other).sort().join(" ");
}

/** A policy number as it is compared: case and spaces do not count. */
export function policyKey(number: string): string {
  return number.normalize("NFKC").replace(/\s+/g, "").toUpperCase();
}

/** True for a text with at least one visible character. */
export function isFilled(text: string): boolean {
  return /[^\s\p{Cf}\p{Cc}]/u.test(text);
}
