import type { Case } from "./case.ts";
import type { RuleHit } from "./hit.ts";
import { fieldsOf, type ReadField } from "./reading.ts";
import { exclusionPhrases } from "./terms.ts";
import { containsPhrase, joinWords } from "./text.ts";

/** The most of a field that is repeated as evidence, in UTF-16 units. */
const quoteLimit = 200;

/** Words before a phrase that turn it round; what they stand before is for a person to read. */
const negations =
  / (?:no|not|non|without|excluding|pas|pas de|pas d|sans|aucun|aucune|ni)(?: \S+)?$/;

/**
 * EXCLUSION: the cause, the loss, the diagnosis or the procedure is excluded by the contract. In a field that is not
 * trusted, negated, or only in free text it is for a person to read. One hit for each exclusion.
 */
export function exclusions(claim: Case): RuleHit[] {
  const { document, contract } = claim;
  if (document === undefined || contract.chosen === undefined) return [];
  const telling = [...fieldsOf(document, "cause"), ...fieldsOf(document, "diagnosis")];
  const described = fieldsOf(document, "description");
  const chosen = contract.chosen;
  return chosen.exclusions.flatMap((exclusion) => {
    const phrases = exclusionPhrases(exclusion);
    const stated = telling.flatMap((field) => match(field, phrases) ?? []);
    const best = stated.find(({ isFirm }) => isFirm) ?? stated[0];
    const found = best ?? described.flatMap((field) => match(field, phrases) ?? [])[0];
    const isFirm = best?.isFirm ?? false;
    const inText = found ?? matchText(document.text, phrases);
    if (inText === undefined) return [];
    return [hitOf({ exclusion, contract_number: chosen.contract_number }, inText, isFirm)];
  });
}

interface Match {
  readonly term: string;
  readonly field: string;
  readonly value: string;
  readonly page: number | null;
  /** In a trusted field and not negated. */
  readonly isFirm: boolean;
}

function match(field: ReadField, phrases: readonly string[]): Match | undefined {
  const words = joinWords(field.text);
  const terms = phrases.filter((phrase) => containsPhrase(words, phrase));
  const plain = terms.find((term) => isPlain(words, term));
  const term = plain ?? terms[0];
  if (term === undefined) return undefined;
  const isFirm = plain !== undefined && field.isTrusted;
  const value = field.text.slice(0, quoteLimit);
  return { term, field: field.name, value, page: field.page, isFirm };
}

/** True when the phrase stands at least once without a negation before it. */
function isPlain(words: string, phrase: string): boolean {
  const padded = ` ${words} `;
  const parts = padded.split(` ${phrase} `).slice(0, -1);
  return parts.some((before) => !negations.test(before));
}

function matchText(text: string, phrases: readonly string[]): Match | undefined {
  const words = joinWords(text);
  const term = phrases.find((phrase) => containsPhrase(words, phrase));
  if (term === undefined) return undefined;
  const at = ` ${words} `.indexOf(` ${term} `);
  const value = words.slice(Math.max(0, at - quoteLimit / 2), at + quoteLimit / 2);
  return { term, field: "text", value, page: null, isFirm: false };
}

function hitOf(
  terms: { exclusion: string; contract_number: string },
  found: Match,
  isFirm: boolean,
): RuleHit {
  const { term, field, value, page } = found;
  return {
    code: "EXCLUSION",
    kind: isFirm ? "deny" : "review",
    message: isFirm
      ? `The contract excludes ${JSON.stringify(terms.exclusion)}, which the document states`
      : `The document may speak of ${JSON.stringify(terms.exclusion)}, which the contract excludes`,
    evidence: { ...terms, matched_term: term, field, value, page },
    source: "document",
  };
}
