import type * as z from "zod";
import { AppError, type Fault } from "../core/fault.ts";
import { findProblems, type ProblemNames } from "../core/problems.ts";

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
  const checked = findProblems(schema, value, names);
  if ("value" in checked) return checked.value;
  const { problems, error } = checked;
  throw new AppError(
    source.fault,
    `Cannot read ${JSON.stringify(source.name)}: ${problems.join("; ")}`,
    { hint: source.hint, detail: { problems }, cause: error },
  );
}

const names: ProblemNames = {
  whole: "the whole text",
  unknown: (path) => `${path} is no known key`,
};
