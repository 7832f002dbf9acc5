import { stemWord } from "../text/stem.ts";
import { stopWords } from "../text/stopWords.ts";
import { listCodes, listWords } from "../text/words.ts";
import type { Language } from "./port.ts";

/** How much of a query is read, in characters; a claim's text may be a whole document. */
const queryCharacters = 20_000;
/** The most words of a query that are looked up; the rarest of a longer one are kept by the store. */
const queryWordsLimit = 256;
/** A longer word is a hash or a picture in base64; nobody searches for it, and an index must not hold it. */
const wordCharactersLimit = 64;

/** What one text adds to the index. */
export interface IndexTerms {
  /** Stems and joined codes, in the order of the text, as one searchable text. */
  stems: string[];
  /** The words and codes as they are written, folded: what typos are compared with. */
  words: Set<string>;
}

/** A word of a query: all the stems under which it may stand in the index. */
export interface QueryWord {
  word: string;
  forms: readonly string[];
}

/** Takes a text apart for the index. Codes are indexed whole and in parts: `CNT-2025-0001` also as `cnt20250001`. */
export function indexTerms(text: string, language: Language): IndexTerms {
  const words = listWords(text).filter(isIndexed);
  const codes = listCodes(text).filter(isIndexed);
  const stems = words.map((word) => (language === "other" ? word : stemWord(word, language)));
  return { stems: [...stems, ...codes], words: new Set([...words, ...codes]) };
}

/** The words of a query, each once, without those that carry only grammar unless there are no others. */
export function queryWords(query: string): QueryWord[] {
  const text = query.slice(0, queryCharacters);
  const all = [...new Set([...listCodes(text), ...listWords(text)])].filter(isIndexed);
  const telling = all.filter((word) => !stopWords.en.has(word) && !stopWords.fr.has(word));
  return (telling.length > 0 ? telling : all).slice(0, queryWordsLimit).map(queryWord);
}

/** A folded word with its stems in every language: a query of two nouns tells no language. */
export function queryWord(word: string): QueryWord {
  return { word, forms: [...new Set([stemWord(word, "en"), stemWord(word, "fr"), word])] };
}

function isIndexed(word: string): boolean {
  return word.length <= wordCharactersLimit;
}
