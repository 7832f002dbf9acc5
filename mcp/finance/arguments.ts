import * as z from "zod";

/** The highest number of entries that the finance service returns at once. */
const limitMax = 1000;

export const customerId = z
  .string()
  .describe("The customer's exact id as search_customers returns it, for example AROUT.");

/** Some models write numbers as text; whole numbers in text are taken, null and all else are refused. */
const wholeNumber = (number: z.ZodType<number, number> = z.int()) =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value),
    number,
  );

export const limit = wholeNumber()
  .prefault(50)
  .describe(`At most this many entries, newest first; the service returns at most ${limitMax}.`);

export const offset = wholeNumber(z.int().min(0))
  .optional()
  .describe("How many entries to skip before the first; use it with limit to get the next page.");

const date = (which: string, bound: string) =>
  z
    .union([z.string(), z.null()])
    .default(null)
    .describe(
      `${which} date, inclusive, as ISO 8601: 2024-01-20 (${bound}) or 2024-01-20T14:15:00. Leave out for no bound.`,
    );

export const startDate = date("Earliest", "from the start of that day");
export const endDate = date("Latest", "to the end of that day");

export const orderId = wholeNumber(z.int().min(1)).describe(
  "The order's numeric id, as fetch_order_history returns it in `id`.",
);

/** Any of the record's two names: its numeric id or its number. */
export const recordId = (example: string) =>
  z
    .union([z.string(), z.int()])
    .describe(`The numeric id or the number, for example 8 or ${example}.`);
