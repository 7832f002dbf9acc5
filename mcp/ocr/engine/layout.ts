import { cleanWord } from "./clean.ts";
import type { Word } from "./model.ts";

/** Removes what must not be passed on from each word; words of which nothing is left go. */
export function cleanWords(words: readonly Word[]): Word[] {
  return words
    .map((word) => ({ ...word, text: cleanWord(word.text) }))
    .filter(({ text }) => text !== "");
}

/** Words as text: a blank between words, a line feed between lines, an empty line between paragraphs. */
export function textOfWords(words: readonly Word[]): string {
  let text = "";
  let previous: Word | undefined;
  for (const word of words) {
    if (previous) text += separator(previous, word);
    text += word.text;
    previous = word;
  }
  return text;
}

function separator(before: Word, after: Word): string {
  if (before.paragraph !== after.paragraph) return "\n\n";
  return before.line === after.line ? " " : "\n";
}
