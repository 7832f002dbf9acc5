import * as z from "zod";
import { reasonOf, unavailableMessage } from "../failure-words.ts";
import type { DocumentedAnswer } from "../operation.ts";
import { CustomerFailure } from "./failure.ts";
import { Customer } from "./schema.ts";

const example = {
  customerId: "AROUT",
  companyName: "Around the Horn",
  contactName: "Thomas Hardy",
  contactTitle: "Sales Representative",
  address: "120 Hanover Sq.",
  city: "London",
  region: null,
  postalCode: "WA1 1DP",
  country: "UK",
  phone: "(171) 555-7788",
  fax: "(171) 555-6750",
  contactEmail: "thomashardy@example.com",
  createdAt: "2025-12-13T22:19:49.433401",
  updatedAt: "2025-12-13T22:19:49.433401",
};

const { createdAt: _createdAt, updatedAt: _updatedAt, ...createExample } = example;
const { customerId: _customerId, ...updateExample } = createExample;

export { createExample, updateExample };

const customer = (description: string, headers: readonly string[] = []) => ({
  description,
  schema: Customer,
  example,
  headers,
});

const failure = (status: number, message: string, errors: unknown = null) => ({
  [status]: {
    description: reasonOf(status),
    schema: CustomerFailure,
    example: { timestamp: example.createdAt, status, error: reasonOf(status), message, errors },
  },
});

const invalid = failure(400, "Validation failed", [
  { field: "companyName", rejectedValue: "", message: "Company name is required" },
]);
const unknown = failure(404, "Customer with ID NOONE not found");
const away = failure(503, unavailableMessage);
const wrongType = failure(415, "Content-Type 'text/plain' is not supported");
const tooLarge = failure(413, "Request body too large");

type Answers = Readonly<Record<number, DocumentedAnswer>>;

export const search: Answers = {
  200: {
    description: "The matching customers, by id",
    schema: z.array(Customer),
    example: [example],
    headers: ["X-Total-Count"],
  },
  ...failure(400, "Validation failed", [
    { field: "limit", rejectedValue: "0", message: "limit must be a whole number from 1 to 1000" },
  ]),
  ...away,
};
export const get: Answers = { 200: customer("The customer"), ...unknown, ...away };
export const create: Answers = {
  201: customer("The new customer", ["Location"]),
  ...invalid,
  ...failure(409, "Customer with ID AROUT already exists"),
  ...tooLarge,
  ...wrongType,
  ...away,
};
export const replace: Answers = {
  200: customer("The customer as it is now"),
  ...invalid,
  ...unknown,
  ...tooLarge,
  ...wrongType,
  ...away,
};
export const remove: Answers = { 204: { description: "Deleted" }, ...unknown, ...away };
