import type * as z from "zod";
import { cutText } from "./cutText.ts";

/** How the words below begin. */
export const givenWords: RegExp = /^(?:is|has) /;

/** Of a given text so many characters are quoted at most, and of a list of allowed values so many. */
const quotedLimitLength = 60;
const valuesLimitCount = 20;

const kinds: Readonly<Record<string, string>> = {
  ...{ string: "a text", number: "a number", int: "a whole number", bigint: "a whole number" },
  ...{ boolean: "true or false", null: "null", array: "a list", tuple: "a list" },
  ...{ object: "an object", record: "an object", never: "nothing" },
};
const formats: Readonly<Record<string, string>> = {
  ...{ date: "a date, YYYY-MM-DD", time: "a time, HH:MM:SS", email: "an e-mail address" },
  ...{ datetime: "a date and time such as 2025-03-04T09:30:00Z", url: "a URL", uuid: "a UUID" },
  ...{ json_string: "JSON", base64: "base64" },
};

/** What is wrong with one value, in words that follow its path: what it is and what was expected. */
export function wordsOf(issue: z.core.$ZodRawIssue): string {
  if (typeof issue.discriminator === "string") return wordsOfKind(issue, issue.discriminator);
  const expected = expectationOf(issue);
  if (issue.input === undefined) return `is missing; expected ${expected}`;
  return `${givenOf(issue)}; expected ${expected}`;
}

/** A problem of an object whose kind stands in one of its members; it is told at that member. */
function wordsOfKind({ input, options }: z.core.$ZodRawIssue, member: string): string {
  const given: unknown = Object.getOwnPropertyDescriptor(input, member)?.value;
  const values = Array.isArray(options) ? options : [];
  return wordsOf({ code: "invalid_value", values, input: given });
}

/** A text of the wrong type may be a secret that strayed, so it is not quoted. */
function givenOf({ code, input, expected }: z.core.$ZodRawIssue): string {
  const isSized = code === "too_big" || code === "too_small";
  if (isSized && typeof input === "string") return `has ${counted(input.length, "character")}`;
  if (isSized && Array.isArray(input)) return `has ${counted(input.length, "item")}`;
  const isOfOtherType = code === "invalid_type" || code === "invalid_union";
  const isShown = !isOfOtherType || expected === "int" || !Number.isFinite(input);
  if (typeof input === "number" && isShown) return `is ${input}`;
  return typeof input === "string" && !isOfOtherType ? `is ${quote(input)}` : `is ${kindOf(input)}`;
}

function kindOf(input: unknown): string {
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "boolean") return String(input);
  return kinds[typeof input] ?? typeof input;
}

/** What was expected, in words that follow "expected". */
function expectationOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      // JSON has no infinity, but 1e999 is read as one.
      if (issue.expected === "number" && typeof issue.input === "number") return "a finite number";
      return kinds[String(issue.expected)] ?? String(issue.expected);
    case "invalid_value":
      return oneOf(issue.values);
    case "too_big":
      return boundOf(issue, issue.maximum, issue.inclusive === false ? "less than" : "at most");
    case "too_small":
      return boundOf(issue, issue.minimum, issue.inclusive === false ? "more than" : "at least");
    case "invalid_format":
      return formatOf(issue);
    case "not_multiple_of":
      return `a multiple of ${String(issue.divisor)}`;
    case "invalid_union":
      return anyOf(issue.errors);
    default:
      return "another value";
  }
}

function formatOf({ format, prefix, suffix, includes, pattern }: z.core.$ZodRawIssue): string {
  const known = formats[String(format)];
  if (known !== undefined) return known;
  if (prefix !== undefined) return `a text that begins with ${JSON.stringify(prefix)}`;
  if (suffix !== undefined) return `a text that ends with ${JSON.stringify(suffix)}`;
  if (includes !== undefined) return `a text with ${JSON.stringify(includes)} in it`;
  return pattern === undefined
    ? `a text of the form ${String(format)}`
    : `a text that matches ${String(pattern)}`;
}

/** What the branches expect of the value itself. */
function anyOf(branches: readonly (readonly z.core.$ZodIssue[])[]): string {
  const all = branches.flatMap((issues) =>
    issues.filter(({ path }) => path.length === 0).map(({ message }) => message),
  );
  const words = all.map((message) => message.replace(/^(?:is|has) .*?; expected /, ""));
  return [...new Set(words)].join(" or ") || "another value";
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.slice(0, valuesLimitCount).map((value) => JSON.stringify(value));
  if (values.length > valuesLimitCount) shown.push("…");
  return shown.length === 1 ? String(shown[0]) : `one of ${shown.join(", ")}`;
}

/** What a text or a list is counted in stands before it, where it says how many there are. */
function boundOf({ exact }: z.core.$ZodRawIssue, bound: unknown, comparison: string): string {
  return `${exact === true ? "exactly" : comparison} ${String(bound)}`;
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function quote(text: string): string {
  const isLong = text.length > quotedLimitLength;
  return JSON.stringify(isLong ? `${cutText(text, quotedLimitLength)}…` : text);
}
