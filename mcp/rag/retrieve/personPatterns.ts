import type { PersonalKind } from "./mask.ts";

/** What is known of a person whose data a text may hold. */
export interface Person {
  full_name?: string | null | undefined;
  email?: string | null | undefined;
  phone_number?: string | null | undefined;
  date_of_birth?: string | null | undefined;
  address?: unknown;
}

/** A way in which a value of a person is written; `value` is the same for all ways of one value. */
export interface PersonPattern {
  kind: PersonalKind;
  value: string;
  pattern: RegExp;
}

/** Shorter values stand in other words too often. */
const fewestCharacters = 5;
/** The same of a surname alone, which is only taken for one when it begins with a capital. */
const fewestSurnameCharacters = 4;
/** What stands between the parts of an address, a name or a number, in one line or several. */
const between = "[\\s,.;/()-]+";

/** Every way in which the values of a person are looked for, the longer before the shorter. */
export function patternsOf(person: Person): PersonPattern[] {
  return [
    ...addressPatterns(person.address),
    ...(isLong(person.email)
      ? [{ kind: "EMAIL" as const, value: person.email, pattern: literally(person.email) }]
      : []),
    ...phonePatterns(person.phone_number),
    ...birthPatterns(person.date_of_birth),
    ...namePatterns(person.full_name),
  ];
}

/** The whole name in either order, with or without what stands between, and the surname alone. */
function namePatterns(name: string | null | undefined): PersonPattern[] {
  if (!isLong(name)) return [];
  const kind = "PERSON_NAME" as const;
  const parts = name.trim().split(/\s+/);
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  const patterns = [literally(name)];
  if (parts.length > 1) {
    patterns.push(new RegExp(`${word(last)}\\s*,\\s*${word(first)}`, "giu"));
    // A middle name or initial that the record does not have.
    patterns.push(new RegExp(`${word(first)}\\s+\\p{Lu}[\\p{L}.]*\\s+${word(last)}`, "giu"));
    if (last.length >= fewestSurnameCharacters) {
      const [capital = "", ...rest] = [...last];
      const others = `(?:${RegExp.escape(rest.join(""))}|${RegExp.escape(rest.join("").toUpperCase())})`;
      patterns.push(new RegExp(`(?<!\\p{L})${RegExp.escape(capital)}${others}(?!\\p{L})`, "gu"));
    }
  }
  return patterns.map((pattern) => ({ kind, value: name, pattern }));
}

/** The whole address in one line or several, and its street alone. */
function addressPatterns(address: unknown): PersonPattern[] {
  const text = typeof address === "string" ? address : leavesOf(address).join(", ");
  if (!isLong(text)) return [];
  const street = text.split(",")[0] ?? "";
  const written = isLong(street) && /\d/.test(street) ? [text, street] : [text];
  return written.map((one) => ({ kind: "ADDRESS", value: text, pattern: literally(one) }));
}

/** Any grouping of the number's digits. */
function phonePatterns(phone: string | null | undefined): PersonPattern[] {
  const digits = phone?.replace(/\D/g, "") ?? "";
  if (!phone || digits.length < fewestCharacters) return [];
  const pattern = new RegExp(`\\+?(?<!\\d)${[...digits].join("[ ./()-]*")}(?!\\d)`, "g");
  return [{ kind: "PHONE", value: phone, pattern }];
}

/** An ISO date as documents print it, in figures and in words. */
function birthPatterns(date: string | null | undefined): PersonPattern[] {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date ?? "") ?? [];
  if (!date || !year || !month || !day) return [];
  const figures = `(?:${year}[-/.]${month}[-/.]${day}|0?${Number(day)}[-/. ]0?${Number(month)}[-/. ]${year}|0?${Number(month)}[-/. ]0?${Number(day)}[-/. ]${year})`;
  const names = ["en", "fr"].flatMap((language) => monthNames(language, Number(month)));
  const named = `(?:${names.map(RegExp.escape).join("|")})\\.?`;
  const inWords = `(?:0?${Number(day)}(?:st|nd|rd|th|er)? ${named} ${year}|${named} 0?${Number(day)},? ${year})`;
  const pattern = new RegExp(`(?<!\\d)(?:${figures}|${inWords})(?!\\d)`, "giu");
  return [{ kind: "DATE_OF_BIRTH", value: date, pattern }];
}

function monthNames(language: string, month: number): string[] {
  const day = new Date(Date.UTC(2000, month - 1, 1));
  return (["long", "short"] as const).map((form) =>
    new Intl.DateTimeFormat(language, { month: form, timeZone: "UTC" })
      .format(day)
      .replace(/\.$/, ""),
  );
}

function leavesOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}

function isLong(value: string | null | undefined): value is string {
  return typeof value === "string" && value.trim().length >= fewestCharacters;
}

/** The value as it may be written: in upper and lower case, its parts in one line or several. */
function literally(value: string): RegExp {
  const parts = value.split(/[\s,]+/).filter((part) => part !== "");
  return new RegExp(`(?<!\\p{L})${parts.map(RegExp.escape).join(between)}(?!\\p{L})`, "giu");
}

function word(text: string): string {
  return `(?<!\\p{L})${RegExp.escape(text)}(?!\\p{L})`;
}
