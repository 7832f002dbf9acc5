import { stemmer as stemEnglish } from "@orama/stemmers/english";
import { stemmer as stemFrench } from "@orama/stemmers/french";
import type { Language } from "./language.ts";

/** How many stems are remembered per language; a collection's vocabulary, and a bound on a server that runs for months. */
const rememberedStems = 50_000;

const remembered: Readonly<Record<Language, Map<string, string>>> = {
  en: new Map(),
  fr: new Map(),
};

/**
 * The stem of a folded word, by the Snowball algorithms; words with digits are their own stem.
 *
 * @example
 * stemWord("reparations", "fr") === stemWord("reparee", "fr");
 */
export function stemWord(word: string, language: Language): string {
  const known = remembered[language].get(word);
  if (known !== undefined) return known;
  const stem = /\p{N}/u.test(word) ? word : stemAnew(word, language);
  if (remembered[language].size >= rememberedStems) remembered[language].clear();
  remembered[language].set(word, stem);
  return stem;
}

function stemAnew(word: string, language: Language): string {
  if (language === "en") return stemEnglish(word);
  // The algorithm knows participles by their accent (réparée), which folding has taken.
  return stemFrench(word.replace(/ees?$/, "e"));
}
