import { fold, foldDisguised } from "../../../src/core/privacy/fold.ts";

/** The words of a text, folded; everything but letters and digits separates them. */
export function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** True when `phrase` stands in `text` as whole words. Both are word lists joined by single spaces; see `joinWords`. */
export function containsPhrase(text: string, phrase: string): boolean {
  return phrase !== "" && ` ${text} `.includes(` ${phrase} `);
}

/** A text as `containsPhrase` takes it; letters that a claimant may have disguised count as what they look like. */
export function joinWords(text: string): string {
  return wordsOf(foldDisguised(text).text).join(" ");
}

/** True when two names hold the same words in any order; titles and initials are words like others. */
export function isSameName(one: string, other: string): boolean {
  return wordsOf(one).sort().join(" ") === wordsOf(other).sort().join(" ");
}

/** A policy number as it is compared: case and spaces do not count. */
export function policyKey(number: string): string {
  return number.normalize("NFKC").replace(/\s+/g, "").toUpperCase();
}

/** What people write where they have nothing to write. */
const placeholders =
  /^(?:|n a|na|nil|none|no|unknown|pending|tbd|to follow|not (?:available|applicable|known|provided|yet known|given)|see attached|inconnue?|aucune?|neant|sans objet|en attente|en cours|non (?:disponible|renseignee?|communiquee?|applicable)|a venir)$/;

/** True for a text that says something: not blank, not only signs, and not "N/A", "none", "pending" and the like. */
export function isFilled(text: string): boolean {
  return !placeholders.test(joinWords(text));
}
