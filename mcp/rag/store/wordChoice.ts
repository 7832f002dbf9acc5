import { type QueryWord, queryWord } from "./terms.ts";

/** How many chunks hold each stem, of how many in all. Stems that no chunk holds are absent. */
export interface Frequencies {
  chunks: number;
  of: ReadonlyMap<string, number>;
}

/**
 * The most chunks that one lexical search ranks: ranking costs about a microsecond a chunk. The rarest words of a query
 * come first, so that only words that say little are left out, and only in large collections.
 */
const rankedChunksLimit = 12_000;
/** Shorter words are too easily mistaken for each other to be corrected. */
const correctableCharacters = 4;
/** At most this many words of a query are corrected. */
const correctedWordsLimit = 12;
/** What a corrected word counts of one that was spelled right. */
const correctedWeight = 0.8;

/** The stems to search for, rarest first, until they would rank too many chunks; one is always kept. */
export function chooseTerms(words: readonly QueryWord[], frequencies: Frequencies): string[] {
  const known = [...new Set(words.flatMap(({ forms }) => forms))]
    .flatMap((stem) => {
      const chunks = frequencies.of.get(stem);
      return chunks === undefined ? [] : [{ stem, chunks }];
    })
    .sort((one, other) => one.chunks - other.chunks || (one.stem < other.stem ? -1 : 1));
  let ranked = 0;
  const chosen: string[] = [];
  for (const { stem, chunks } of known) {
    ranked += chunks;
    if (chosen.length > 0 && ranked > rankedChunksLimit) break;
    chosen.push(stem);
  }
  return chosen;
}

/** The share of a query's words that a text holds, each weighted by its rarity; 0 for a query without words. */
export function shareOfWords(
  words: readonly QueryWord[],
  held: ReadonlySet<string>,
  frequencies: Frequencies,
): number {
  let whole = 0;
  let part = 0;
  for (const { word, forms } of words) {
    // The commonest of its forms is the one that is meant.
    const weight = Math.min(...forms.map((form) => rarityOf(frequencies, form)));
    whole += weight;
    if (!forms.some((form) => held.has(form))) continue;
    part += isCorrected(word) ? weight * correctedWeight : weight;
  }
  return whole === 0 ? 0 : part / whole;
}

/** Which of a query and a text is measured by the other: its words, and the stems that the other holds. */
export interface Measured {
  words: readonly QueryWord[];
  held: ReadonlySet<string>;
}

/**
 * The share is that of the shorter one's words: a claim's whole document says much that a short precedent on the same
 * incident does not.
 */
export function measuredBy(
  query: readonly QueryWord[],
  text: { words: readonly QueryWord[]; stems: ReadonlySet<string> },
): Measured {
  if (text.words.length >= query.length) return { words: query, held: text.stems };
  return { words: text.words, held: new Set(query.flatMap(({ forms }) => forms)) };
}

/** How much a stem says: the rarer, the more (the inverse document frequency of BM25). */
export function rarityOf(frequencies: Frequencies, stem: string): number {
  const chunks = frequencies.of.get(stem) ?? 0;
  return Math.log(1 + (frequencies.chunks - chunks + 0.5) / (chunks + 0.5));
}

/** Marks a word that stands for a misspelled one. */
const correctedMark = "~";

function isCorrected(word: string): boolean {
  return word.startsWith(correctedMark);
}

/** The words that are long enough to be corrected and that no chunk holds in any form. */
export function unknownWords(
  words: readonly QueryWord[],
  { of: known }: Frequencies,
): readonly QueryWord[] {
  return words
    .filter(({ word, forms }) => {
      return word.length >= correctableCharacters && !forms.some((form) => known.has(form));
    })
    .slice(0, correctedWordsLimit);
}

/**
 * For each word the nearest one of the vocabulary, by changed, missing, added and swapped letters; absent where none is
 * near. `find` tells the vocabulary's words that share most trigrams with one.
 */
export function correctWords(
  words: readonly QueryWord[],
  find: (word: string) => readonly string[],
): Map<string, QueryWord> {
  const corrected = new Map<string, QueryWord>();
  for (const { word } of words) {
    const allowed = allowedEdits(word);
    const near = find(word)
      .map((candidate) => ({ candidate, edits: editDistance(word, candidate, allowed) }))
      .filter(({ edits }) => edits <= allowed)
      .sort((one, other) => one.edits - other.edits);
    const fewest = near[0]?.edits;
    const meant = near.filter(({ edits }) => edits === fewest).map(({ candidate }) => candidate);
    if (meant.length === 0) continue;
    const forms = meant.flatMap((candidate) => queryWord(candidate).forms);
    corrected.set(word, { word: `${correctedMark}${word}`, forms: [...new Set(forms)] });
  }
  return corrected;
}

function allowedEdits(word: string): number {
  if (word.length < 6) return 1;
  return word.length < 12 ? 2 : 3;
}

/** The runs of three letters of a word, each once. */
export function trigramsOf(word: string): string[] {
  const letters = [...word];
  return [...new Set(letters.slice(2).map((_, index) => letters.slice(index, index + 3).join("")))];
}

/** Damerau's distance (adjacent letters may be swapped); anything above `most` is told as `most + 1`. */
export function editDistance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const line = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const change = (above[column - 1] ?? 0) + (isSame ? 0 : 1);
      let least = Math.min(change, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1);
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isSwapped) least = Math.min(least, (before[column - 2] ?? 0) + 1);
      line.push(least);
    }
    if (Math.min(...line) > most) return most + 1;
    before = above;
    above = line;
  }
  return above[other.length] ?? most + 1;
}
