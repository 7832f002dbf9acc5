import * as z from "zod";
import { isStorable } from "../storable.ts";
import { isEmailAddress } from "./email.ts";

/**
 * A text field of a request. Numbers and booleans count as text: the body's reader has kept a number's own digits.
 * An object or array fails the inner type, which the answer calls malformed.
 */
const text = (inner: z.ZodString) =>
  z.preprocess((value) => (typeof value === "boolean" ? String(value) : value), inner);

/** Blank is what has only characters up to U+0020; other white space counts as content. */
const isFilled = (value: string) => /[^\0-\x20]/.test(value);

const supported = (label: string) => `${label} contains an unsupported character`;
const tooLong = (label: string, limit: number) => `${label} must not exceed ${limit} characters`;

/** Length is counted in UTF-16 units, as the contract does; Zod's own check counts code points. */
const atMost = (schema: z.ZodString, label: string, limit: number) =>
  schema
    .refine((value) => value.length <= limit, tooLong(label, limit))
    .refine(isStorable, supported(label))
    .meta({ maxLength: limit });

const optional = (label: string, limit: number) => text(atMost(z.string(), label, limit)).nullish();

const idLength = 5;
const customerId = text(
  z
    .string("Customer ID is required")
    .refine(isFilled, "Customer ID is required")
    .refine((value) => value.length === idLength, "Customer ID must be exactly 5 characters")
    .refine(isStorable, supported("Customer ID"))
    .meta({ minLength: idLength, maxLength: idLength }),
);

const updatable = {
  companyName: text(
    atMost(
      z.string("Company name is required").refine(isFilled, "Company name is required"),
      "Company name",
      40,
    ),
  ),
  contactName: optional("Contact name", 30),
  contactTitle: optional("Contact title", 30),
  address: optional("Address", 60),
  city: optional("City", 15),
  region: optional("Region", 15),
  postalCode: optional("Postal code", 10),
  country: optional("Country", 15),
  phone: optional("Phone", 24),
  fax: optional("Fax", 24),
  contactEmail: text(
    atMost(
      z
        .string()
        .refine((value) => value === "" || isEmailAddress(value), "Contact email must be valid"),
      "Contact email",
      255,
    ),
  ).nullish(),
};

/** The body of POST. Unknown fields are ignored. */
export const CreateCustomer = z.object({ customerId, ...updatable }).meta({ id: "CreateCustomer" });
export type CreateCustomer = z.output<typeof CreateCustomer>;

/** The body of PUT: the whole record without its id; what is left out becomes null. */
export const UpdateCustomer = z.object(updatable).meta({ id: "UpdateCustomer" });
export type UpdateCustomer = z.output<typeof UpdateCustomer>;

const nullableText = z.string().nullable();

/** A local date-time in UTC, without zone. */
export const LocalDateTime = z.string().meta({ examples: ["2025-12-13T22:19:49.433401"] });

/** A customer as every answer prints it, in this order of keys. */
export const Customer = z
  .object({
    customerId: z.string().length(5),
    companyName: z.string(),
    contactName: nullableText,
    contactTitle: nullableText,
    address: nullableText,
    city: nullableText,
    region: nullableText,
    postalCode: nullableText,
    country: nullableText,
    phone: nullableText,
    fax: nullableText,
    contactEmail: nullableText,
    createdAt: LocalDateTime,
    updatedAt: LocalDateTime,
  })
  .meta({ id: "Customer" });
export type Customer = z.output<typeof Customer>;
