import * as z from "zod";
import type { AppError } from "../../core/fault.ts";
import { reasonOf, unavailableMessage } from "../failure-words.ts";
import { FieldError } from "../field-errors.ts";
import { jsonAnswer } from "../operation.ts";
import type { AnswerFailure } from "../request-life.ts";
import { Refusal } from "./refusal.ts";

/** A refused business rule, an unavailable database or a bug: three keys. */
export const FinanceRefusal = z
  .object({
    data: z.null(),
    success: z.literal(false),
    message: z.string(),
  })
  .meta({ id: "Refusal" });

/** A request that could not be understood: the shapes of two generations of clients in one. */
export const RequestFailure = z
  .object({
    timestamp: z.string(),
    status: z.number().int(),
    error: z.string(),
    path: z.string(),
    ...FinanceRefusal.shape,
    errors: z.array(FieldError).nullable(),
  })
  .meta({ id: "RequestFailure" });

/** What a bug says where the operation has no words of its own. */
const bugMessage = "Internal server error";

export const answerFinanceFailure: AnswerFailure = (error, { path, operation }) => {
  if (error === undefined) return refusal(500, operation?.failureMessage ?? bugMessage);
  if (error.fault === "unavailable") return refusal(error.status, unavailableMessage);
  if (error instanceof Refusal) return refusal(error.status, error.message);
  return requestFailure(error, path);
};

function refusal(status: number, message: string): Response {
  return jsonAnswer(status, { data: null, success: false, message });
}

function requestFailure({ status, message, detail }: AppError, path: string): Response {
  const errors = Array.isArray(detail) ? z.array(FieldError).parse(detail) : null;
  return jsonAnswer(status, {
    timestamp: new Date().toISOString().replace("Z", "+00:00"),
    status,
    error: reasonOf(status),
    path,
    data: null,
    success: false,
    message: errors?.[0]?.message ?? message,
    errors,
  });
}
