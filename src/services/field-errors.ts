import * as z from "zod";
import { AppError } from "../core/fault.ts";

/** One entry of a validation answer. */
export const FieldError = z
  .object({
    field: z.string(),
    rejectedValue: z.string(),
    message: z.string(),
  })
  .meta({ id: "FieldError" });
export type FieldError = z.output<typeof FieldError>;

/** The fault of a body that is no JSON of the right shape; both services have the same words for it. */
export function malformedBody(cause?: unknown): AppError {
  return new AppError("invalid_input", "Malformed JSON request", { cause });
}

/**
 * Parses a body or query with its schema.
 * @throws AppError `invalid_input`: malformed for an object or array where a scalar belongs, else with all field errors
 * in the schema's order as its detail.
 */
export function parseInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => toFieldError(issue, input));
  throw new AppError("invalid_input", "Validation failed", { detail: errors });
}

function toFieldError(issue: z.core.$ZodIssue, input: unknown): FieldError {
  const field = issue.path[0];
  if (field === undefined) throw malformedBody();
  // The path came from walking this very input, so it is an object.
  const value = (input as Record<PropertyKey, unknown>)[field];
  if (issue.code === "invalid_type" && typeof value === "object" && value !== null) {
    throw malformedBody();
  }
  return { field: String(field), rejectedValue: printValue(value), message: issue.message };
}

function printValue(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value ?? null);
}
