import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import type { Language } from "../../core/language.ts";

const key = "berth.language";

interface Choice {
  language: Language;
  speak(language: Language): void;
}

const Chosen = createContext<Choice>({ language: "en", speak: () => undefined });

/** Gives the page below its language: the one that was chosen last, or that the browser prefers. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(readLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speak = (next: Language) => {
    localStorage.setItem(key, next);
    setLanguage(next);
  };
  return <Chosen value={{ language, speak }}>{children}</Chosen>;
}

/** The words of a part of the pages, in the language that the reader has chosen. */
export interface Speaking<Words> extends Choice {
  words: Words;
}

/** Makes the hook that gives a part its words; both languages have the same members by their type. */
export function wordsIn<Words>(
  languages: Readonly<Record<Language, Words>>,
): () => Speaking<Words> {
  return () => {
    const choice = useContext(Chosen);
    return { ...choice, words: languages[choice.language] };
  };
}

function readLanguage(): Language {
  const kept = localStorage.getItem(key);
  if (kept === "en" || kept === "fr") return kept;
  return navigator.language.startsWith("fr") ? "fr" : "en";
}
