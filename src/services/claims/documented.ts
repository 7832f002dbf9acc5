import type * as z from "zod";
import { reasonOf, unavailableMessage } from "../failure-words.ts";
import type { DocumentedAnswer } from "../operation.ts";
import { ClaimsFailure } from "./failure.ts";

type Answers = Readonly<Record<number, DocumentedAnswer>>;

/** A refusal with its text. */
export function refused(status: number, detail: string): Answers {
  return {
    [status]: { description: reasonOf(status), schema: ClaimsFailure, example: { detail } },
  };
}

const invalid: Answers = {
  422: {
    description: "The request is not valid",
    schema: ClaimsFailure,
    example: {
      detail: [{ loc: ["path", "claim_id"], msg: "claim_id is not a UUID", type: "uuid_parsing" }],
    },
  },
};

/** Refusals that every operation on one claim has. */
export const claimRefusals: Answers = {
  ...refused(401, "A valid bearer token is required"),
  ...refused(404, "Claim not found"),
  ...invalid,
  ...refused(503, unavailableMessage),
};

/** Refusals of operations that name no claim. */
export const commonRefusals: Answers = {
  ...refused(401, "A valid bearer token is required"),
  ...invalid,
  ...refused(503, unavailableMessage),
};

/** What bodies add to the refusals. */
export const bodyRefusals: Answers = {
  ...refused(413, "Request body too large"),
  ...refused(415, "Content-Type 'text/plain' is not supported"),
};

/** A good answer. */
export function answered(
  status: number,
  description: string,
  schema: z.ZodType,
  headers: readonly string[] = [],
): Answers {
  return { [status]: { description, schema, headers } };
}

/** An id in a path. */
export function idParam(description: string): { description: string; format: string } {
  return { description, format: "uuid" };
}

export const claimParams = { claimId: idParam("The claim's id.") };
