import { wordsIn } from "./language.tsx";

/** What all pages say, in English; French has the same members. */
const english = {
  skip: "Skip to the content",
  theme: "Theme",
  themes: { system: "System", light: "Light", dark: "Dark" },
  language: "Language",
  enter: "Continue",
  loading: "Loading",
  showAll: "Show more characters",
  required: "required",
  valueMissing: (field: string) => `${field}: a value is required`,
  numberExpected: (field: string) => `${field}: a number is expected`,
  jsonExpected: (field: string) => `${field}: JSON is expected`,
  noAnswer: "No answer from the service",
  lost: "The connection was lost",
};

const french: typeof english = {
  skip: "Aller au contenu",
  theme: "Thème",
  themes: { system: "Système", light: "Clair", dark: "Sombre" },
  language: "Langue",
  enter: "Continuer",
  loading: "Chargement",
  showAll: "Afficher plus de caractères",
  required: "obligatoire",
  valueMissing: (field) => `${field} : une valeur est nécessaire`,
  numberExpected: (field) => `${field} : un nombre est attendu`,
  jsonExpected: (field) => `${field} : du JSON est attendu`,
  noAnswer: "Le service ne répond pas",
  lost: "La connexion a été perdue",
};

/** The words of what the pages share. */
export const useCommonWords = wordsIn({ en: english, fr: french });
