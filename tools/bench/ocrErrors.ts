import { distance } from "fastest-levenshtein";

/** Errors counted against a known text. */
export interface ErrorCount {
  /** Characters of the ground truth, and the least number of edits that lead to it. */
  characters: number;
  characterErrors: number;
  words: number;
  wordErrors: number;
  fields: number;
  /** Fields whose printed value is in the text that was read. */
  fieldsFound: number;
}

export const noErrors: ErrorCount = {
  characters: 0,
  characterErrors: 0,
  words: 0,
  wordErrors: 0,
  fields: 0,
  fieldsFound: 0,
};

/** Compares what was read with what is printed; both are brought to the same spaces, quotes and dashes first. */
export function countErrors(
  read: string,
  printed: string,
  fields: readonly string[] = [],
): ErrorCount {
  const got = canonical(read);
  const wanted = canonical(printed);
  const [gotWords, wantedWords] = numberWords(got, wanted);
  return {
    characters: wanted.length,
    characterErrors: distance(got, wanted),
    words: wantedWords.length,
    wordErrors: distance(gotWords, wantedWords),
    fields: fields.length,
    fieldsFound: fields.filter((value) => got.includes(canonical(value))).length,
  };
}

/** The sums of two counts. */
export function addErrors(left: ErrorCount, right: ErrorCount): ErrorCount {
  return {
    characters: left.characters + right.characters,
    characterErrors: left.characterErrors + right.characterErrors,
    words: left.words + right.words,
    wordErrors: left.wordErrors + right.wordErrors,
    fields: left.fields + right.fields,
    fieldsFound: left.fieldsFound + right.fieldsFound,
  };
}

/** One space between words, straight quotes, one kind of dash; dots that lead from a label to its value are no text. */
export function canonical(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[‘’‚`´]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/[‐-―−]/g, "-")
    .replace(/…/g, "...")
    .replace(/[.·_]{3,}/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Every word as one character, the same word the same one, so that words can be compared as characters are. */
function numberWords(...texts: readonly [string, string]): [string, string] {
  const numbers = new Map<string, string>();
  const spell = (text: string) =>
    text
      .split(" ")
      .filter((word) => word !== "")
      .map((word) => {
        // From the private range on there is room for 6,400 words; a page has a few hundred.
        const character = numbers.get(word) ?? String.fromCharCode(0xe000 + numbers.size);
        numbers.set(word, character);
        return character;
      })
      .join("");
  return [spell(texts[0]), spell(texts[1])];
}
