import { expect } from "bun:test";
import type { FieldError } from "../src/services/field-errors.ts";

/** The finance service's answer to a refused business rule: three keys. */
export function refusal(message: string) {
  return { data: null, success: false, message };
}

/** The finance service's answer to a request with these problems; without any, to one that is no JSON of the right shape. */
export function invalidRequest(path: string, errors: readonly FieldError[]) {
  return {
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/),
    status: 400,
    error: "Bad Request",
    path,
    data: null,
    success: false,
    message: errors[0]?.message ?? "Malformed JSON request",
    errors: errors.length > 0 ? errors : null,
  };
}
