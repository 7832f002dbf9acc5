import type * as z from "zod";

/** How the library's own words for a mistake begin; a schema's words of ours begin otherwise. */
const libraryWords = /^(?:Invalid|Too small|Too big|Unrecognized)\b/;

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** What is wrong at one place of a request, in words for whoever wrote it. */
export function wordsOf(issue: z.core.$ZodIssue, isMissing: boolean): string {
  if (isMissing) return "is missing";
  if (!libraryWords.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be one of ${issue.values.join(", ")}`;
    case "too_small":
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
    case "too_big":
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    default:
      return issue.message;
  }
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" ? " items" : "";
}
