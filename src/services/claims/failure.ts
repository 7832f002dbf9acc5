import * as z from "zod";
import { AppError } from "../../core/fault.ts";
import { unavailableMessage } from "../failure-words.ts";
import { jsonAnswer } from "../operation.ts";
import type { AnswerFailure } from "../request-life.ts";

/** One thing that is wrong with a request: where, what, and which rule says so. */
export const InputError = z
  .object({
    loc: z.array(z.union([z.string(), z.number()])),
    msg: z.string(),
    type: z.string(),
  })
  .meta({ id: "InputError" });
export type InputError = z.output<typeof InputError>;

/** A refusal: one text, or what is wrong with the request. */
export const ClaimsFailure = z
  .object({ detail: z.union([z.string(), z.array(InputError)]) })
  .meta({ id: "Failure" });

/** Refused because of what the claim is just now, where the contract has 400 for it. */
export class NotNow extends AppError {
  constructor(message: string) {
    super("conflict", message);
  }
  override get status(): number {
    return 400;
  }
}

/** The fault of a request that is wrong at one place. */
export function invalidInput(loc: InputError["loc"], msg: string, type = "value_error"): AppError {
  const detail: InputError[] = [{ loc, msg, type }];
  return new AppError("invalid_input", msg, { detail });
}

/** Answers a failure; a bug's own text is never shown. */
export const answerClaimsFailure: AnswerFailure = (error, { operation }) => {
  if (error === undefined) return jsonAnswer(500, { detail: "Internal server error" });
  if (error.fault === "unavailable") return jsonAnswer(503, { detail: unavailableMessage });
  if (error.fault === "invalid_input") return jsonAnswer(422, { detail: inputErrorsOf(error) });
  if (operation === undefined && error.fault === "not_found") {
    return jsonAnswer(404, { detail: "Not Found" });
  }
  return jsonAnswer(error.status, { detail: error.message });
};

function inputErrorsOf(error: AppError): InputError[] {
  const parsed = z.array(InputError).safeParse(error.detail);
  if (parsed.success) return parsed.data;
  return [{ loc: ["body"], msg: error.message, type: "json_invalid" }];
}
