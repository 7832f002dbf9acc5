import * as z from "zod";
import { AppError } from "../../core/fault.ts";
import { readPlainJsonBody } from "../json-body.ts";
import type { InputForm } from "../request-life.ts";
import { isStorable } from "../storable.ts";
import { type InputError, invalidInput } from "./failure.ts";
import { wordsOf } from "./issue-words.ts";

/** How the claims service reads requests: JSON as it is, refusals with the place of each mistake. */
export const claimsInput: InputForm = {
  readBody: readPlainJsonBody,
  parse(schema, input, part) {
    const parsed = schema.safeParse(input);
    if (parsed.success) return parsed.data;
    const detail: InputError[] = parsed.error.issues.map((issue) => {
      const isAbsent = isMissing(issue, input);
      return {
        loc: [part, ...issue.path.map((key) => (typeof key === "number" ? key : String(key)))],
        msg: wordsOf(issue, isAbsent),
        type: isAbsent ? "missing" : issue.code,
      };
    });
    throw new AppError("invalid_input", "The request is not valid", { detail });
  },
};

/** True when the place that the issue is about has nothing in it. */
function isMissing(issue: z.core.$ZodIssue, input: unknown): boolean {
  let value = input;
  for (const key of issue.path) {
    if (typeof value !== "object" || value === null) return false;
    // Any object may be asked for any key.
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value === undefined;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A UUID of the path. @throws AppError `invalid_input` when it is none. */
export function readId(value: string | undefined, name: string): string {
  if (value !== undefined && uuid.test(value)) return value.toLowerCase();
  throw invalidInput(["path", name], `${name} is not a UUID`, "uuid_parsing");
}

/** A UUID in a query or body. */
export const uuidText = z.string().regex(uuid, "not a UUID").meta({ format: "uuid" });

/** A text of at most `limit` UTF-16 units that the database can hold. */
export function storableText(limit: number) {
  return z
    .string()
    .max(limit, `at most ${limit} characters`)
    .refine(isStorable, "contains an unsupported character");
}

/** A text with something in it besides white space. */
export function filledText(limit: number) {
  return storableText(limit)
    .refine((value) => value.trim() !== "", "must not be empty")
    .meta({ pattern: "\\S" });
}

/** A name that people read out to each other: nothing invisible in it, and no white space around it. */
export function plainName(limit: number) {
  return filledText(limit)
    .refine(
      (value) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value),
      "contains an invisible character",
    )
    .refine((value) => value.trim() === value, "must not begin or end with white space")
    .meta({ pattern: "^\\S(.*\\S)?$" });
}

/** A whole number of a query. */
export function queryNumber(range: { least: number; most: number; preset: number }) {
  const { least, most, preset } = range;
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message)
    .optional()
    .transform((value) => value ?? preset)
    .meta({ type: "integer", minimum: least, maximum: most, default: preset });
}

/** true or false in a query; some older clients write 1, 0, True and False, which the documentation leaves out. */
export function queryTruth(preset: boolean) {
  return z
    .string()
    .refine((value) => /^(?:true|false|1|0|True|False)$/.test(value), "must be true or false")
    .optional()
    .transform((value) => (value === undefined ? preset : /^(true|1)$/i.test(value)))
    .meta({ type: "boolean", default: preset });
}
