import * as z from "zod";

/** The most customers that one page may ask for. */
const pageLimit = 1000;

const filter = (description: string) =>
  z
    .string()
    .transform((value) => (/[^\0-\x20]/.test(value) ? value : undefined))
    .optional()
    .meta({ description });

const wholeNumber = (least: number, most: number, message: string) =>
  z
    .string()
    .refine((text) => /^\d{1,30}$/.test(text), { message, abort: true })
    .transform(Number)
    .refine((value) => value >= least && value <= most, message)
    .optional()
    .meta({ type: "integer", minimum: least, ...(Number.isFinite(most) && { maximum: most }) });

/** The query of a search. A blank filter counts as absent. */
export const SearchQuery = z.object({
  companyName: filter("Part of the company's name, in any case."),
  contactName: filter("Part of the contact's name, in any case."),
  contactEmail: filter("Part of the contact's e-mail address, in any case."),
  phone: filter("Part of the phone number."),
  limit: wholeNumber(1, pageLimit, `limit must be a whole number from 1 to ${pageLimit}`).meta({
    description: `The most customers to return, 1 to ${pageLimit}; all matches when absent.`,
  }),
  // Larger offsets than a number can hold exactly mean the same as the largest: past every match.
  offset: wholeNumber(0, Number.POSITIVE_INFINITY, "offset must be a whole number of 0 or more")
    .transform((value) => value && Math.min(value, Number.MAX_SAFE_INTEGER))
    .meta({ type: "integer", minimum: 0, description: "How many matches to skip." }),
});
