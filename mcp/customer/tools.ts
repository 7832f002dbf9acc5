import * as z from "zod";
import { pathSegment, type Upstream } from "../../src/core/upstream.ts";
import { callRest } from "../../src/kit/rest.ts";
import { defineTool, type Tool } from "../../src/kit/tool.ts";

const filter = (what: string) =>
  z
    .union([z.string(), z.null()])
    .default(null)
    .describe(
      `Part of the ${what}; upper and lower case count as the same. Leave out to match all.`,
    );

const customer = z.looseObject({
  customerId: z.string().optional().describe("The five-character id, for example AROUT."),
  companyName: z.string().nullish(),
  contactName: z.string().nullish(),
  contactTitle: z.string().nullish(),
  address: z.string().nullish(),
  city: z.string().nullish(),
  region: z.string().nullish(),
  postalCode: z.string().nullish(),
  country: z.string().nullish(),
  phone: z.string().nullish(),
  fax: z.string().nullish(),
  contactEmail: z.string().nullish(),
  createdAt: z.string().optional().describe("Local date-time in UTC, without a zone."),
  updatedAt: z.string().optional().describe("Local date-time in UTC, without a zone."),
});

const searchCustomers = defineTool({
  name: "search_customers",
  title: "Search customers",
  description:
    "Finds customers by part of the company name, contact name, contact e-mail address or phone number. " +
    "Filters that are given must all match; without any filter every customer is returned. " +
    "Returns complete records under `results`, ordered by customerId. Give limit to get one page only; the answer " +
    "then says how many match in all. Use the customerId of a hit for get_customer and for the finance tools.",
  effect: "read",
  aliases: { email: "contact_email" },
  input: z.strictObject({
    company_name: filter("company name"),
    contact_name: filter("contact person's name"),
    contact_email: filter("contact e-mail address"),
    phone: z
      .union([z.string(), z.null()])
      .default(null)
      .describe("Part of the phone number, written as stored, for example 555-7788."),
    limit: z.int().min(1).max(1000).optional().describe("At most this many records, 1 to 1000."),
    offset: z
      .int()
      .min(0)
      .optional()
      .describe("How many matching records to skip before the first."),
  }),
  output: z.looseObject({ results: z.array(customer).optional() }),
  run: async (args, rest: Upstream, call) => {
    const query = {
      companyName: args.company_name || undefined,
      contactName: args.contact_name || undefined,
      contactEmail: args.contact_email || undefined,
      phone: args.phone || undefined,
      limit: args.limit,
      offset: args.offset,
    };
    const request = { method: "GET", path: "/api/customers", query } as const;
    const { result, headers } = await callRest(rest, request, call);
    if (args.limit === undefined && args.offset === undefined) return result;
    return { ...result, total: Number(headers.get("x-total-count")) };
  },
});

const getCustomer = defineTool({
  name: "get_customer",
  title: "Get a customer",
  description:
    "Returns the complete record of one customer by its exact, case-sensitive id. When the id is not known, " +
    "call search_customers first. Does not return orders or invoices: those are the finance tools'.",
  effect: "read",
  input: z.strictObject({
    customer_id: z
      .string()
      .describe("The customer's id as search_customers returns it, for example AROUT."),
  }),
  output: customer,
  run: async ({ customer_id }, rest: Upstream, call) => {
    const path = `/api/customers/${pathSegment("customer_id", customer_id)}`;
    const notFoundHint = "Ids are case-sensitive; call search_customers to find the right one.";
    return (await callRest(rest, { method: "GET", path, notFoundHint }, call)).result;
  },
});

/** The customer server's tools, in the order in which they are listed. */
export const tools: readonly Tool<Upstream>[] = [searchCustomers, getCustomer];
