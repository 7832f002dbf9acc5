import { type Speaking, wordsIn } from "../ui/language.tsx";
import { english, type Words } from "./words.en.ts";
import { french } from "./words.fr.ts";

export type SpeakingOfClaims = Speaking<Words>;

/** The words of the claims page. */
export const useWords = wordsIn({ en: english, fr: french });
