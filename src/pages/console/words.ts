import { wordsIn } from "../ui/language.tsx";
import { english } from "./words.en.ts";
import { french } from "./words.fr.ts";

/** The words of the runtime console. */
export const useWords = wordsIn({ en: english, fr: french });
