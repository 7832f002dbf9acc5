import { cutText } from "../cutText.ts";
import { type Language, wordFor } from "../language.ts";
import { englishTerms, type Terms } from "./terms.en.ts";
import { frenchTerms } from "./terms.fr.ts";
import { printDay, printMoney, printShare } from "./values.ts";

const terms: Readonly<Record<Language, Terms>> = { en: englishTerms, fr: frenchTerms };

/** How much of one value a sentence repeats, in UTF-16 units; the evidence has the rest. */
const valueLimit = 120;

/** A rule that applies, as the service stores it. */
export interface ToldHit {
  readonly code: string;
  readonly kind?: string;
  /** The service's own words, in English. */
  readonly message: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** One value that a rule has compared, as a reader is told of it. */
export interface ToldEvidence {
  readonly name: string;
  readonly label: string;
  readonly text: string;
}

/** What a rule says in general and in a case, with `{member}` of the evidence. */
interface RuleTerms {
  readonly says: string;
  readonly tells?: string;
  readonly suspects?: string;
}

/** What a rule has found, in the reader's language; the service's own words for a rule that is not known here. */
export function tellHit({ code, kind, message, evidence }: ToldHit, language: Language): string {
  const rules: Readonly<Record<string, RuleTerms>> = terms[language].rules;
  const rule = Object.hasOwn(rules, code) ? rules[code] : undefined;
  if (rule === undefined) return message;
  const sentence = kind === "deny" ? rule.tells : (rule.suspects ?? rule.tells);
  return (sentence && fill(sentence, evidence, language)) ?? rule.says;
}

/**
 * What a reader looks for first, and what explains it after that; the database keeps members in an order of its own. What
 * is not listed comes before the last.
 */
const order: readonly string[] = [
  ...["missing", "document_name", "user_name", "document_policy_number", "exclusion", "value"],
  ...["field", "matched_term", "claim_type", "contract_types", "contract_number"],
  ...["contract_numbers", "same", "claim_numbers", "reason", "incident_date", "start_date"],
  ...["end_date", "is_active", "submitted_at", "earlier_submitted_at", "days", "limit_days"],
  ...["amount", "earlier_amount", "coverage_amount", "deductible", "copay", "payable_amount"],
  ...["confidence", "threshold", "limit"],
];
const last: readonly string[] = ["currency", "contracts_looked_at", "page"];

function placeOf(name: string): number {
  const place = order.indexOf(name);
  if (place >= 0) return place;
  return order.length + 1 + last.indexOf(name);
}

/** The values that a rule has compared, the most telling first, without pages that are not known. */
export function tellEvidence(evidence: ToldHit["evidence"], language: Language): ToldEvidence[] {
  const { evidence: labels, fields } = terms[language];
  return Object.entries(evidence)
    .filter(([name, value]) => name !== "page" || value !== null)
    .sort(([one], [other]) => placeOf(one) - placeOf(other))
    .map(([name, value]) => {
      const label = wordFor({ ...fields, ...labels }, name).replaceAll("_", " ");
      const text = value === null ? "–" : printValue(name, value, { evidence, language });
      return { name, label, text: text === "" ? "–" : text };
    });
}

/** The sentence with its members' values; undefined when one of them is not there. */
function fill(
  sentence: string,
  evidence: ToldHit["evidence"],
  language: Language,
): string | undefined {
  let isWhole = true;
  const filled = sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = evidence[name] ?? null;
    const text = value === null ? "" : printValue(name, value, { evidence, language });
    isWhole &&= text !== "";
    return text.length > valueLimit ? `${cutText(text, valueLimit)}…` : text;
  });
  return isWhole ? filled : undefined;
}

interface Beside {
  readonly evidence: ToldHit["evidence"];
  readonly language: Language;
}
type Print = (value: string | number, beside: Beside) => string;

const money: Print = (value, { evidence, language }) => {
  const currency = typeof evidence.currency === "string" ? evidence.currency : null;
  return typeof value === "number" ? printMoney(value, currency, language) : value;
};
const day: Print = (value, { language }) => printDay(String(value), language);
const share: Print = (value, { language }) =>
  typeof value === "number" ? printShare(value, language) : value;
/** Limits of money are far above 1, those of confidence are shares. */
const limit: Print = (value, beside) =>
  typeof value === "number" && value > 1 ? plain(value, beside) : share(value, beside);
const plain: Print = (value, { language }) =>
  typeof value === "number" ? value.toLocaleString(language) : value;
const word: Print = (value, { language }) => wordFor(terms[language].values, String(value));
/** A field's name, and in brackets why it cannot be used. */
const field: Print = (value, { language }) => {
  const [, name = "", why] = /^(.*?)(?: \((.*)\))?$/s.exec(String(value)) ?? [];
  const label = wordFor(terms[language].fields, name).replaceAll("_", " ");
  return why === undefined ? label : `${label} (${wordFor(terms[language].values, why)})`;
};
/** A field or a page, and behind it the confidence with which it was read. */
const reading: Print = (value, beside) => {
  const [, what = "", confidence] = /^(.*) ([\d.]+)$/s.exec(String(value)) ?? [];
  if (confidence === undefined) return String(value);
  const isPage = /^\d+$/.test(what);
  const label = isPage ? `${terms[beside.language].page} ${what}` : field(what, beside);
  return `${label} ${share(Number(confidence), beside)}`;
};

/** How each member of evidence is printed; a list is printed by its items. */
const prints: Readonly<Record<string, Print>> = {
  amount: money,
  earlier_amount: money,
  coverage_amount: money,
  deductible: money,
  copay: money,
  payable_amount: money,
  limit,
  confidence: share,
  incident_date: day,
  start_date: day,
  end_date: day,
  submitted_at: day,
  earlier_submitted_at: day,
  claim_type: word,
  contract_types: word,
  reason: word,
  same: word,
  kinds: word,
  field,
  missing: field,
  fields: reading,
  pages: reading,
};

function printValue(name: string, value: unknown, beside: Beside): string {
  if (Array.isArray(value)) return value.map((item) => printValue(name, item, beside)).join(", ");
  if (typeof value === "boolean") return word(String(value), beside);
  if (typeof value !== "string" && typeof value !== "number") return JSON.stringify(value) ?? "";
  const print = Object.hasOwn(prints, name) ? prints[name] : undefined;
  return (print ?? plain)(value, beside);
}
