import * as z from "zod";
import type { AppError } from "../../core/fault.ts";
import { reasonOf, unavailableMessage } from "../failure-words.ts";
import { FieldError } from "../field-errors.ts";
import { printLocalDateTime } from "../local-clock.ts";
import { jsonAnswer } from "../operation.ts";

/** A failure as the customer service prints it. */
export const CustomerFailure = z
  .object({
    timestamp: z.string(),
    status: z.number().int(),
    error: z.string(),
    message: z.string(),
    errors: z.array(FieldError).nullable(),
  })
  .meta({ id: "Failure" });

/** Answers a failure; a bug's own text is never shown. */
export function answerCustomerFailure(error: AppError | undefined): Response {
  const status = error?.status ?? 500;
  return jsonAnswer(status, {
    timestamp: printLocalDateTime(new Date()),
    status,
    error: reasonOf(status),
    message: messageOf(error),
    errors: error?.detail ?? null,
  } satisfies Record<keyof z.output<typeof CustomerFailure>, unknown>);
}

function messageOf(error: AppError | undefined): string {
  if (error === undefined) return "An unexpected error occurred";
  return error.fault === "unavailable" ? unavailableMessage : error.message;
}
