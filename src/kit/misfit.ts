import type * as z from "zod";

/** How the library's own words for a mistake begin; a schema's words of ours begin otherwise. */
const libraryWords = /^(?:Invalid|Too small|Too big|Unrecognized)\b/;
/** The most misfits that are told; a long list may hold the same one in each of its items. */
const toldLimitCount = 8;
/** How much of a value is repeated, in UTF-16 units. */
const quoteLimit = 80;

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

const formats: Readonly<Record<string, string>> = {
  date: "a day as YYYY-MM-DD",
  datetime: "an instant in ISO 8601",
  email: "an e-mail address",
  url: "a URL",
  uuid: "a UUID",
};

/**
 * What does not fit a schema, for whoever sent it: each place, the value that stands there and what was expected.
 * @param within Where the input itself stands among the arguments.
 *
 * @example
 * describeMisfits(parsed.error, { confidence: 95 }) === "confidence is 95; expected at most 1"
 */
export function describeMisfits(
  error: z.ZodError,
  input: unknown,
  within: readonly string[] = [],
): string {
  const told = error.issues
    .slice(0, toldLimitCount)
    .map((issue) => describe(issue, input, [...within, ...issue.path.map(String)]));
  const rest = error.issues.length - told.length;
  return [...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
}

function describe(issue: z.core.$ZodIssue, input: unknown, place: readonly string[]): string {
  const name = place.join(".") || "arguments";
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.join(", ");
    return place.length === 0 ? `Unknown argument: ${keys}` : `Unknown in ${name}: ${keys}`;
  }
  const value = valueAt(input, issue.path);
  const isOwn = !libraryWords.test(issue.message);
  if (isOwn) return `${name} ${printed(value)}: ${issue.message}`;
  return `${name} ${printed(value, issue)}; expected ${expected(issue)}`;
}

function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return kinds[issue.expected] ?? issue.expected;
    case "invalid_value":
      return listed(issue.values.map((value) => JSON.stringify(value)));
    case "too_small":
      return bound(issue, issue.inclusive === false ? "more than" : "at least", issue.minimum);
    case "too_big":
      return bound(issue, issue.inclusive === false ? "less than" : "at most", issue.maximum);
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    case "invalid_format":
      return (
        formats[issue.format] ?? `the form ${"pattern" in issue ? issue.pattern : issue.format}`
      );
    default:
      return `another form (${issue.message})`;
  }
}

function bound({ origin }: { origin: string }, side: string, limit: number | bigint): string {
  const unit = units[origin];
  return unit === undefined
    ? `${side} ${limit}`
    : `${side} ${limit} ${unit}${limit === 1 ? "" : "s"}`;
}

const units: Readonly<Record<string, string>> = { string: "character", array: "item" };

function listed(values: readonly string[]): string {
  return values.length < 2
    ? values.join("")
    : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}

/** The value as JSON; of a long text or list its size, and nothing is said to be missing. */
function printed(value: unknown, issue?: z.core.$ZodIssue): string {
  if (value === undefined) return "is missing";
  const isTooLong =
    issue?.code === "too_big" && (typeof value === "string" || Array.isArray(value));
  if (isTooLong) return `has ${value.length} ${units[issue.origin] ?? "part"}s`;
  const text = JSON.stringify(value) ?? String(value);
  return `is ${text.length > quoteLimit ? `${text.slice(0, quoteLimit)}…` : text}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    // Object() of a plain value has only what its kind has, which no path names.
    (value, key) => (Object.hasOwn(Object(value), key) ? Object(value)[key] : undefined),
    input,
  );
}
