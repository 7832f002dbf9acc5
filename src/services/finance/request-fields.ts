import * as z from "zod";
import { isStorable } from "../storable.ts";
import { type Bound, readDateBound } from "./date-bound.ts";

/** The most rows of one answer; larger limits mean this one. */
const rowLimit = 1000;
/** What an absent limit means. */
const defaultLimit = 50;

/** Blank is what has only characters up to U+0020. */
const isFilled = (value: string) => /[^\0-\x20]/.test(value);

/** Numbers arrive as their digits and count as text, and so do booleans. */
const scalar = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (typeof value === "boolean" ? String(value) : value), schema);

const storable = (schema: z.ZodString, label: string) =>
  schema.refine(isStorable, `${label} contains an unsupported character`);

/** A text that must be there and must not be blank. */
export const requiredText = (label: string) => {
  const message = `${label} is required`;
  return scalar(storable(z.string(message).refine(isFilled, message), label));
};

export const optionalText = (label: string) => scalar(storable(z.string(), label).nullish());

/** A filter of a list; a blank one counts as absent. */
export const filterText = (label: string) =>
  storable(z.string(), label)
    .transform((value) => (isFilled(value) ? value : undefined))
    .optional();

/** A field that is parsed by hand; `type` is what the documentation says it is. */
function parsed<Value>(
  parse: (value: unknown) => Value | undefined,
  message: string,
  documentation: { type: string | string[]; description: string; examples?: unknown[] },
) {
  return z
    .unknown()
    .prefault(null)
    .transform((value, context) => {
      const result = parse(value);
      if (result !== undefined) return result;
      context.issues.push({ code: "custom", input: value, message });
      return z.NEVER;
    })
    .meta(documentation);
}

/** Null, an empty text and a missing field are the same: not given. */
const isAbsent = (value: unknown) => value === undefined || value === null || value === "";

/** One end of a period, or null when it is open. */
export const dateBound = (field: string, bound: Bound) =>
  parsed(
    (value) => (isAbsent(value) ? null : readDateBound(value, bound)),
    `${field} must be an ISO 8601 date or date-time`,
    {
      type: ["string", "null"],
      description: `The ${bound} of the period, inclusive; a date alone means the whole day.`,
      examples: ["2024-01-20", "2024-01-20T14:15:00"],
    },
  );

const wholeNumber = (field: string, range: { absent: number; most: number }, description: string) =>
  parsed(
    (value) => {
      if (isAbsent(value)) return range.absent;
      const number = readWhole(value);
      if (number === undefined || number < 0n) return undefined;
      return number > BigInt(range.most) ? range.most : Number(number);
    },
    `${field} must be a whole number of 0 or more`,
    { type: ["integer", "null"], description },
  );

export const limit = wholeNumber(
  "limit",
  { absent: defaultLimit, most: rowLimit },
  `The most rows to return; ${defaultLimit} when absent, at most ${rowLimit}.`,
);

/** Larger offsets than a number can hold exactly mean the same as the largest: past every row. */
export const offset = wholeNumber(
  "offset",
  { absent: 0, most: Number.MAX_SAFE_INTEGER },
  "How many rows to skip.",
);

/** A JSON boolean, or its word. */
export const truth = (field: string, absent: boolean, description: string) =>
  parsed(
    (value) => {
      if (isAbsent(value)) return absent;
      return value === true || value === "true" ? true : isFalse(value) ? false : undefined;
    },
    `${field} must be true or false`,
    { type: ["boolean", "null"], description },
  );

const isFalse = (value: unknown) => value === false || value === "false";

const wholeOrderId = (absent: null | undefined) => (value: unknown) => {
  if (isAbsent(value)) return absent;
  return readWhole(value);
};

/** An order's id as a filter, or null when it is absent. */
export const orderIdFilter = parsed(wholeOrderId(null), "orderId must be a whole number", {
  type: ["integer", "null"],
  description: "The id of an order.",
});

/** An order's id in a body. */
export const orderId = z
  .unknown()
  .refine((value) => !isAbsent(value), { message: "Order ID is required", abort: true })
  .pipe(orderIdFilter)
  .transform((value) => value ?? 0n)
  .meta({ type: "integer", description: "The id of an order.", examples: [8] });

/** A whole number; decimals are cut, as the digits arrive as text. */
function readWhole(value: unknown): bigint | undefined {
  const match = typeof value === "string" ? /^\s*([+-]?\d{1,30})(\.\d*)?\s*$/.exec(value) : null;
  return match?.[1] === undefined ? undefined : BigInt(match[1]);
}
