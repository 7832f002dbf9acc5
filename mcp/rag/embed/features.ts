import { detectLanguage } from "../text/language.ts";
import { stemWord } from "../text/stem.ts";
import { stopWords } from "../text/stopWords.ts";
import { listCodes, listWords } from "../text/words.ts";

/** Features share this many buckets; a collection's 100,000 features meet in few of them. */
export const bucketCount: number = 1 << 20;
/** How many words of a text count; a chunk has a few hundred, only a hostile query has more. */
const mostWords = 4096;
/** What a character n-gram counts beside its word: enough to find a misspelled word, too little to outvote it. */
const gramWeight = 0.3;
/** The longest word that is cut into n-grams, in characters: beyond it is no word. */
const longestWord = 40;

/** A text's features: buckets and how often each occurs, n-grams counting less. */
export type Features = Map<number, number>;

/** The stems, codes and character n-grams of a text, hashed into buckets. */
export function listFeatures(text: string): Features {
  const features: Features = new Map();
  const language = detectLanguage(text);
  for (const word of listWords(text).slice(0, mostWords)) {
    if (isStopWord(word, language)) continue;
    // A text too short to tell its language is read in both.
    for (const one of language ? [language] : (["en", "fr"] as const)) {
      add(features, `w${stemWord(word, one)}`, language ? 1 : 0.5);
    }
    addGrams(features, word);
  }
  for (const code of listCodes(text).slice(0, mostWords)) add(features, `c${code}`, 1);
  return features;
}

function isStopWord(word: string, language: "en" | "fr" | undefined): boolean {
  if (language) return stopWords[language].has(word);
  return stopWords.en.has(word) || stopWords.fr.has(word);
}

function addGrams(features: Features, word: string): void {
  if (word.length < 4 || word.length > longestWord) return;
  const marked = `^${word}$`;
  for (let length = 3; length <= 4; length++) {
    for (let start = 0; start + length <= marked.length; start++) {
      add(features, marked.slice(start, start + length), gramWeight);
    }
  }
}

function add(features: Features, name: string, count: number): void {
  const bucket = bucketOf(name);
  features.set(bucket, (features.get(bucket) ?? 0) + count);
}

/** FNV-1a over UTF-16 units, folded to the number of buckets. */
function bucketOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  }
  return ((hash >>> 20) ^ hash) & (bucketCount - 1);
}
