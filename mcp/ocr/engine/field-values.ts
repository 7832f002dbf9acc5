import type { FieldKind } from "./field-labels.ts";
import { meanConfidence, type Word } from "./model.ts";

const months =
  "january|february|march|april|may|june|july|august|september|october|november|december|" +
  "jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|" +
  "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre";

/** The part of the words after a label that is the value. */
export const valuePatterns: Readonly<Record<FieldKind, RegExp>> = {
  date: new RegExp(
    `\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{2,4}|` +
      `\\d{1,2}(?:er|st|nd|rd|th)?\\.? (?:of )?(?:${months})\\.?,? \\d{4}|(?:${months})\\.? \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}`,
    "iu",
  ),
  money:
    /(?:(?:USD|EUR|GBP|CHF|CAD)\s?|[$€£]\s?)?-?\d{1,3}(?:[ ,.'’\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)(?:\s?(?:USD|EUR|GBP|CHF|CAD|euros?|[$€£]))?|(?:(?:USD|EUR|GBP|CHF|CAD)\s?|[$€£]\s?)?-?\d+(?:[.,]\d{1,2})?(?:\s?(?:USD|EUR|GBP|CHF|CAD|euros?|[$€£]))?/iu,
  number: /[\p{L}\d][\p{L}\d./-]*\d[\p{L}\d./-]*(?: \d[\p{L}\d-]*)*|\d/u,
  text: /\S.*/u,
};

/**
 * How sure a value is: a code, a date or an amount is as sure as its least sure word, since one wrong digit makes it
 * another one; for a text the mean counts.
 */
export function confidenceOf(kind: FieldKind, words: readonly Word[]): number {
  if (kind === "text") return meanConfidence(words);
  return Math.min(...words.map(({ confidence }) => confidence));
}

/** What is wrong with a value of the right form, or undefined: a date must be one of the calendar. */
export function problemOf(kind: FieldKind, value: string): string | undefined {
  return kind === "date" && !isOnCalendar(value) ? "there is no such day" : undefined;
}

/** Days and months in either order, as both are written; the century of short years is ours. */
function isOnCalendar(value: string): boolean {
  const [first = 0, second = 0, third] = (value.match(/\d+/g) ?? []).map(Number);
  // With the month as a word, only day and year are numbers; any month with 31 days will do.
  if (third === undefined) return isDay({ year: second, month: 1, day: first });
  if (first > 31) return isDay({ year: first, month: second, day: third });
  const year = third < 100 ? 2000 + third : third;
  return isDay({ year, month: second, day: first }) || isDay({ year, month: first, day: second });
}

function isDay({ year, month, day }: { year: number; month: number; day: number }): boolean {
  if (year < 1900 || year > 2100) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Without punctuation at its end, and with the blank that recognition loses between a day and its year. */
export function tidyValue(value: string): string {
  return value.replace(/[\s.,;:]+$/, "").replace(/(\p{L} \d{1,2}),(?=\d{4}$)/u, "$1, ");
}
