import type * as z from "zod";
import { cutText } from "./cutText.ts";
import { givenWords, wordsOf } from "./problemWords.ts";

/** What a reader calls the things that it reads. */
export interface ProblemNames {
  /** The value as a whole. */
  whole: string;
  /** What is said of a member that the schema does not know. */
  unknown(path: string): string;
}

/** The most problems that are told; a long list may hold the same one in each of its items. */
const toldLimitCount = 8;
/** Of a key that was given so many characters are told at most. */
const keyLimitLength = 60;

/** A value that fits its schema, or what is wrong with it; of many problems the first and how many more there are. */
export type Checked<Value> = { value: Value } | { problems: string[]; error: z.ZodError };

/**
 * Checks a value against a schema and words what does not fit: the path, what is there, and what was expected. Words of
 * the schema's own stand in place of that. Texts that were given are quoted only where a schema says what they look like,
 * so that a secret in the wrong place stays unread.
 *
 * @example
 * findProblems(z.object({ port: z.int().max(65_535) }), { port: 70_000 }, names);
 * // { problems: ["port is 70000; expected at most 65535"], … }
 */
export function findProblems<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  names: ProblemNames,
): Checked<z.output<Schema>> {
  const parsed = schema.safeParse(value, { error: wordsOf });
  if (parsed.success) return { value: parsed.data };
  const { error } = parsed;
  return { problems: tell(error.issues, names), error };
}

/** Those that are not told are counted without their words: there may be a million. */
function tell(issues: readonly z.core.$ZodIssue[], names: ProblemNames): string[] {
  const told: string[] = [];
  let count = 0;
  for (const problem of problemsOf(issues, [], names)) {
    count++;
    if (count <= toldLimitCount) told.push(problem());
  }
  return count > toldLimitCount ? [...told, `and ${count - toldLimitCount} more`] : told;
}

/** One line for each problem: the JSON path, then what is wrong there. */
function* problemsOf(
  issues: readonly z.core.$ZodIssue[],
  above: readonly PropertyKey[],
  names: ProblemNames,
): Generator<() => string> {
  for (const issue of issues) {
    const path = [...above, ...issue.path];
    const place = () => (path.length === 0 ? names.whole : pathText(path));
    const nearest = issue.code === "invalid_union" ? nearestBranch(issue.errors) : undefined;
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) yield () => names.unknown(pathText([...path, key]));
    } else if (issue.code === "invalid_key") {
      for (const { message } of issue.issues) yield () => join(place(), message);
    } else if (nearest) yield* problemsOf(nearest, path, names);
    else yield () => join(place(), issue.message);
  }
}

/** The branch that got furthest is the one that was meant; none when all ended at the value itself. */
function nearestBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  const [nearest] = [...branches].sort((one, other) => depthOf(other) - depthOf(one));
  return nearest !== undefined && depthOf(nearest) > 0 ? nearest : undefined;
}

/** Our own words go on with the sentence; those of a schema stand for themselves. */
function join(place: string, words: string): string {
  return givenWords.test(words) ? `${place} ${words}` : `${place}: ${words}`;
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((deepest, issue) => Math.max(deepest, depthOfIssue(issue)), 0);
}

function depthOfIssue(issue: z.core.$ZodIssue): number {
  const inner = issue.code === "invalid_union" ? Math.max(0, ...issue.errors.map(depthOf)) : 0;
  return issue.path.length + (issue.code === "unrecognized_keys" ? 1 : inner);
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${keyText(String(part))}`))
    .join("");
  return text.replace(/^\./, "");
}

/** Keys come from outside: without a bound one of a megabyte would be answered whole, and a line break would end a line of the log. */
function keyText(key: string): string {
  const text = key.length > keyLimitLength ? `${cutText(key, keyLimitLength)}…` : key;
  return /[\p{Cc}\p{Cs}]/u.test(text) ? JSON.stringify(text) : text;
}
