import { foldText } from "../text/words.ts";
import { type Person, patternsOf } from "./personPatterns.ts";

/** The kinds of personal data, as their placeholders name them. */
export type PersonalKind =
  | "EMAIL"
  | "PHONE"
  | "US_SSN"
  | "CREDIT_CARD"
  | "IBAN"
  | "DATE_OF_BIRTH"
  | "PROVIDER_NPI"
  | "LICENSE_PLATE"
  | "PERSON_NAME"
  | "ADDRESS";

/** Replaces personal data by placeholders such as `[EMAIL_1]`; an equal value gets an equal placeholder. */
export interface Masker {
  text(text: string): string;
  /** `text` for every text in some JSON data; names of members stay. */
  all(data: unknown): unknown;
  /** Replaces a whole value whose kind is known; nothing stays nothing. */
  value(kind: PersonalKind, value: string | null | undefined): string | null | undefined;
}

/** A pattern whose group `value`, or whole match, is personal data, and what else must hold. */
interface Detector {
  kind: PersonalKind;
  pattern: RegExp;
  isOne?: (value: string) => boolean;
}

/** In this order: what one has replaced, the next does not see. */
const detectors: readonly Detector[] = [
  { kind: "EMAIL", pattern: /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu },
  { kind: "IBAN", pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g },
  { kind: "US_SSN", pattern: /\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b/g },
  { kind: "CREDIT_CARD", pattern: /\b\d(?:[ -]?\d){12,18}\b/g, isOne: hasLuhnDigit },
  {
    kind: "PROVIDER_NPI",
    pattern: /\bNPI(?: number| no\.?)?\s*[:#]?\s*(?<value>\d{10})\b/gi,
  },
  {
    kind: "DATE_OF_BIRTH",
    pattern:
      /\b(?:date of birth|dob|born(?: on)?|date de naissance|née? le)\s*[:#]?\s*(?<value>\d{1,4}[-/. ](?:\d{1,2}|\p{L}{3,9})[-/. ]\d{1,4})/giu,
  },
  {
    kind: "LICENSE_PLATE",
    pattern:
      /\b(?:licen[cs]e plate|plate(?: number| no\.?)?|registration|immatriculation)\s*[:#]?\s*(?<value>[A-Z0-9]{1,4}(?:[- ]?[A-Z0-9]{1,4}){1,2})\b/gi,
    isOne: (value) => /\d/.test(value),
  },
  {
    kind: "PHONE",
    pattern:
      /(?<![\p{L}\p{N}-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]\d{2,4}){1,4}(?![\p{N}-])/gu,
    isOne: isPhone,
  },
  {
    kind: "PERSON_NAME",
    pattern:
      /\b(?i:claimant|patient|insured|policyholder|beneficiary|name|assurée?|bénéficiaire|demandeur|nom)\s*(?i:name)?\s*:\s*(?<value>\p{Lu}[\p{L}'’-]+(?: (?:\p{Lu}[\p{L}'’-]+|\p{Lu}\.)){1,3})/gu,
  },
];

/** Numbers placeholders from 1 per kind, in the order in which values come. */
export function createMasker(persons: readonly Person[]): Masker {
  const placeholders = new Map<string, string>();
  const counts = new Map<PersonalKind, number>();
  const placeholder = (kind: PersonalKind, value: string): string => {
    const key = `${kind} ${foldText(value)}`;
    const known = placeholders.get(key);
    if (known !== undefined) return known;
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    placeholders.set(key, `[${kind}_${number}]`);
    return `[${kind}_${number}]`;
  };
  const known = persons.flatMap(patternsOf);
  const maskText = (text: string): string => {
    let masked = text;
    for (const { kind, value, pattern } of known) {
      masked = masked.replace(pattern, () => placeholder(kind, value));
    }
    for (const { kind, pattern, isOne } of detectors) {
      masked = masked.replace(pattern, (whole: string, ...rest: unknown[]) => {
        // With named groups, the last argument of the call is the object that holds them.
        const value: string = Object(rest.at(-1)).value ?? whole;
        if (isOne && !isOne(value)) return whole;
        return whole.replace(value, () => placeholder(kind, value));
      });
    }
    return masked;
  };
  return {
    text: maskText,
    all: (data) => mapTexts(data, maskText),
    value: (kind, value) => (value ? placeholder(kind, value) : value),
  };
}

function mapTexts(data: unknown, change: (text: string) => string): unknown {
  if (typeof data === "string") return change(data);
  if (Array.isArray(data)) return data.map((one) => mapTexts(one, change));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, mapTexts(value, change)]),
  );
}

/** Ten to fifteen digits in groups, and no date. */
function isPhone(text: string): boolean {
  const digits = text.replace(/\D/g, "").length;
  return digits >= 9 && digits <= 15 && !/^\d{4}[-. ]\d{2}[-. ]\d{2}$/.test(text);
}

/** The check digit of payment cards (ISO/IEC 7812). */
function hasLuhnDigit(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
