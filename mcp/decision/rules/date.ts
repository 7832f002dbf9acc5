import { fold } from "../../../src/core/privacy/fold.ts";

/** Months by the first letters of their English and French names, accents folded. */
const months: readonly RegExp[] = [
  /^jan/,
  /^f(eb|ev)/,
  /^mar/,
  /^a[pv]r/,
  /^ma[iy]/,
  /^ju(ne?|in)\.?$/,
  /^jul|^juil/,
  /^au?g|^aou/,
  /^sep/,
  /^oct/,
  /^nov/,
  /^d[ec]c|^dec/,
];

const dayMs = 86_400_000;

/**
 * Reads a date of a document: 2025-03-04, March 4, 2025, 4 mars 2025, 04/03/2025. Numeric dates put the day first in
 * French documents; in others they count only when one reading is possible.
 * @returns YYYY-MM-DD; undefined for what is no date or may be two.
 */
export function parseDate(value: string, language: string | null): string | undefined {
  const text = fold(value).trim();
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]\d{2}:\d{2}.*)?$/.exec(text);
  if (iso) return isoDate(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const dayFirst =
    /^(?:[a-z]+\.?,?\s+)?(\d{1,2})(?:er|st|nd|rd|th)?[\s-]+([a-z]+\.?)[\s,-]+(\d{4})$/;
  const dayMonth = dayFirst.exec(text);
  if (dayMonth) return named(dayMonth[3], dayMonth[2], dayMonth[1]);
  const monthFirst = /^(?:[a-z]+\.?,\s+)?([a-z]+\.?)\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/;
  const monthDay = monthFirst.exec(text);
  if (monthDay) return named(monthDay[3], monthDay[1], monthDay[2]);
  const numeric = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text);
  return numeric ? fromNumeric(numeric, language) : undefined;
}

/** Whole days from one YYYY-MM-DD to another; negative when the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / dayMs;
}

/** The UTC date of an instant. */
export function utcDate(instant: string): string {
  return new Date(instant).toISOString().slice(0, 10);
}

function fromNumeric(parts: RegExpExecArray, language: string | null): string | undefined {
  const [first, second, year] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const dayFirst = isoDate(year, second, first);
  if (/^fr/i.test(language ?? "")) return dayFirst;
  const monthFirst = isoDate(year, first, second);
  if (dayFirst === undefined || monthFirst === undefined || first === second) {
    return dayFirst ?? monthFirst;
  }
  return undefined;
}

function named(year = "", month = "", day = ""): string | undefined {
  const index = months.findIndex((pattern) => pattern.test(month));
  return index === -1 ? undefined : isoDate(Number(year), index + 1, Number(day));
}

function isoDate(year: number, month: number, day: number): string | undefined {
  const time = new Date(Date.UTC(year, month - 1, day));
  const isReal = time.getUTCMonth() === month - 1 && time.getUTCDate() === day && year >= 1900;
  return isReal && month >= 1 ? time.toISOString().slice(0, 10) : undefined;
}
