import type { Language } from "../language.ts";
import { englishTerms, type Terms } from "./terms.en.ts";
import { frenchTerms } from "./terms.fr.ts";

/** What became of the document in a run of the built-in workflow. */
export const documentFates = ["read", "unreadable", "earlier", "skipped"] as const;
export type DocumentFate = (typeof documentFates)[number];

/** Why the built-in workflow proposes what it proposes, in English as it is recorded. */
export function workflowReasons(fate: DocumentFate, contractNumbers: string): string {
  return reasonsIn(englishTerms, fate, contractNumbers);
}

/** A recorded reasoning for a reader: the workflow's own in the reader's language, everybody else's as they wrote it. */
export function tellReasons(recorded: string, language: Language): string {
  if (language === "en") return recorded;
  const { found, close } = englishTerms.workflow;
  const [before = "", after = ""] = found.split("{numbers}");
  const start = recorded.indexOf(before) + before.length;
  const end = recorded.lastIndexOf(after + close);
  const numbers = recorded.includes(before) ? recorded.slice(start, end) : "";
  const fate = documentFates.find((one) => workflowReasons(one, numbers) === recorded);
  return fate === undefined ? recorded : reasonsIn(frenchTerms, fate, numbers);
}

function reasonsIn({ workflow }: Terms, fate: DocumentFate, numbers: string): string {
  const holding =
    numbers === "" ? workflow.none : workflow.found.replace("{numbers}", () => numbers);
  return `${workflow[fate]}${holding}${workflow.close}`;
}
