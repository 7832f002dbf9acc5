import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import type { Language } from "../../core/claimTerms/values.ts";
import { english, type Words } from "./words.en.ts";
import { french } from "./words.fr.ts";

const key = "berth.language";
const languages: Readonly<Record<Language, Words>> = { en: english, fr: french };

/** The language that the reader has chosen. */
export interface Speaking {
  language: Language;
  words: Words;
  speak(language: Language): void;
}

const Spoken = createContext<Speaking>({ language: "en", words: english, speak: () => undefined });

/** Gives the pages below their words, in the language that was chosen last or that the browser prefers. */
export function WordsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(readLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speak = (next: Language) => {
    localStorage.setItem(key, next);
    setLanguage(next);
  };
  return <Spoken value={{ language, words: languages[language], speak }}>{children}</Spoken>;
}

export function useWords(): Speaking {
  return useContext(Spoken);
}

function readLanguage(): Language {
  const kept = localStorage.getItem(key);
  if (kept === "en" || kept === "fr") return kept;
  return navigator.language.startsWith("fr") ? "fr" : "en";
}
