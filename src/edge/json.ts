import type * as z from "zod";
import { AppError, type Fault } from "../core/fault.ts";

/** What is being read, for the messages. */
export interface JsonSource {
  /** The file or entry, quoted in messages. */
  name: string;
  fault: Fault;
  hint: string;
}

/** Parses JSON text against a schema; a refusal names the JSON path of every problem. */
export function parseJson<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  source: JsonSource,
): z.output<Schema> {
  return checkJson(readJson(text, source), schema, source);
}

/** Parses JSON text without looking at what it says. */
export function readJson(text: string, source: JsonSource): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(source.fault, `Cannot read ${JSON.stringify(source.name)}: ${problem}`, {
      hint: "Correct the JSON; comments and trailing commas are not part of it.",
      cause,
    });
  }
}

/** Checks a parsed value against a schema. */
export function checkJson<Schema extends z.ZodType>(
  value: unknown,
  schema: Schema,
  source: JsonSource,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => describeIssue(issue, []));
  throw new AppError(
    source.fault,
    `Cannot read ${JSON.stringify(source.name)}: ${problems.join("; ")}`,
    {
      hint: source.hint,
      detail: { problems },
      cause: parsed.error,
    },
  );
}

/** One line for each problem: the JSON path, then what is expected there. */
function describeIssue(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): string[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${pathText([...path, key])} is no known key`);
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => `${pathText(path)}: ${message}`);
  }
  if (issue.code === "invalid_union") {
    // The branch that got furthest is the one that was meant.
    const [nearest] = [...issue.errors].sort((one, other) => depthOf(other) - depthOf(one));
    if (nearest !== undefined && depthOf(nearest) > 0) {
      return nearest.flatMap((inner) => describeIssue(inner, path));
    }
  }
  return [`${pathText(path)}: ${issue.message}`];
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
  return text.replace(/^\./, "") || "the whole text";
}
