import { AppError } from "../../core/fault.ts";
import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";
import * as documented from "./documented.ts";
import { CreateCustomer, UpdateCustomer } from "./schema.ts";
import { SearchQuery } from "./search-query.ts";
import type { CustomerStore } from "./store.ts";

const collection = "/api/customers";
const single = "/api/customers/:customerId";
const common = { tag: "Customers" };
const byId = {
  ...common,
  path: single,
  params: { customerId: "The customer's id, case-sensitive." },
};

/** The endpoints of the customer service. */
export function customerOperations(store: CustomerStore): Operation[] {
  return [
    defineOperation({
      ...common,
      method: "GET",
      path: collection,
      summary: "Search customers",
      description: "All filters must match. Without limit every match is returned.",
      query: SearchQuery,
      answers: documented.search,
      async answer({ query }) {
        const { customers, total } = await store.search(query);
        return jsonAnswer(200, customers, { "x-total-count": `${total}` });
      },
    }),
    defineOperation({
      ...common,
      method: "POST",
      path: collection,
      summary: "Create a customer",
      body: CreateCustomer,
      bodyExample: documented.createExample,
      answers: documented.create,
      async answer({ request, body }) {
        const created = await store.create(body);
        const location = `${request.url.split("?")[0]}/${encodeURIComponent(created.customerId)}`;
        return jsonAnswer(201, created, { location });
      },
    }),
    defineOperation({
      ...byId,
      method: "GET",
      summary: "Get a customer",
      answers: documented.get,
      async answer({ params: { customerId = "" } }) {
        return jsonAnswer(200, (await store.find(customerId)) ?? unknownCustomer(customerId));
      },
    }),
    defineOperation({
      ...byId,
      method: "PUT",
      summary: "Replace a customer",
      description: "Fields that are left out become null; the id and the creation time are kept.",
      body: UpdateCustomer,
      bodyExample: documented.updateExample,
      answers: documented.replace,
      async answer({ params: { customerId = "" }, body }) {
        const replaced = await store.replace(customerId, body);
        return jsonAnswer(200, replaced ?? unknownCustomer(customerId));
      },
    }),
    defineOperation({
      ...byId,
      method: "DELETE",
      summary: "Delete a customer for good",
      answers: documented.remove,
      async answer({ params: { customerId = "" } }) {
        if (!(await store.remove(customerId))) unknownCustomer(customerId);
        return new Response(null, { status: 204 });
      },
    }),
  ];
}

function unknownCustomer(customerId: string): never {
  throw new AppError("not_found", `Customer with ID ${customerId} not found`);
}
