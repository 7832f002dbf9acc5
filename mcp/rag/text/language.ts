import { stopWords } from "./stopWords.ts";
import { listWords } from "./words.ts";

/** The languages whose words are stemmed. */
export type Language = "en" | "fr";

/** How much of a text is looked at, in characters; a page of prose tells its language many times over. */
const sampleCharacters = 4000;

/**
 * The language of a text by its grammar words and accents; undefined when it holds too few to tell, as codes and
 * queries of two nouns do.
 */
export function detectLanguage(text: string): Language | undefined {
  const sample = text.slice(0, sampleCharacters);
  let english = 0;
  let french = /[àâçèéêëîïôùûœ]/i.test(sample.normalize("NFC")) ? 1 : 0;
  for (const word of listWords(sample)) {
    const isEnglish = stopWords.en.has(word);
    const isFrench = stopWords.fr.has(word);
    if (isEnglish && !isFrench) english++;
    if (isFrench && !isEnglish) french++;
  }
  if (english === french) return undefined;
  return english > french ? "en" : "fr";
}
