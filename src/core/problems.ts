import type * as z from "zod";
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
  const problems = error.issues.flatMap((issue) => describe(issue, [], names));
  const rest = problems.length - toldLimitCount;
  return {
    problems: rest > 0 ? [...problems.slice(0, toldLimitCount), `and ${rest} more`] : problems,
    error,
  };
}

/** One line for each problem: the JSON path, then what is wrong there. */
function describe(
  issue: z.core.$ZodIssue,
  above: readonly PropertyKey[],
  names: ProblemNames,
): string[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => names.unknown(pathText([...path, key])));
  }
  const place = path.length === 0 ? names.whole : pathText(path);
  if (issue.code === "invalid_key") return issue.issues.map(({ message }) => join(place, message));
  if (issue.code === "invalid_union") {
    // The branch that got furthest is the one that was meant.
    const [nearest] = [...issue.errors].sort((one, other) => depthOf(other) - depthOf(one));
    if (nearest !== undefined && depthOf(nearest) > 0) {
      return nearest.flatMap((inner) => describe(inner, path, names));
    }
  }
  return [join(place, issue.message)];
}

/** Our own words go on with the sentence; those of a schema stand for themselves. */
function join(place: string, words: string): string {
  return givenWords.test(words) ? `${place} ${words}` : `${place}: ${words}`;
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(depthOfIssue));
}

function depthOfIssue(issue: z.core.$ZodIssue): number {
  const inner = issue.code === "invalid_union" ? Math.max(0, ...issue.errors.map(depthOf)) : 0;
  return issue.path.length + (issue.code === "unrecognized_keys" ? 1 : inner);
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("");
  return text.replace(/^\./, "");
}
