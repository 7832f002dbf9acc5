import * as z from "zod";

/** get_customer as the SDKs' guides write a tool: a schema for both sides and one fetch. */
export const getCustomer = {
  name: "get_customer",
  config: {
    title: "Get a customer",
    description: "Returns one customer by id.",
    inputSchema: z.object({ customer_id: z.string().describe("The customer's id.") }),
    outputSchema: z.looseObject({}),
    annotations: { readOnlyHint: true },
  },
};

/** Asks the REST service and shapes the answer as our own server does. */
export async function readCustomer(rest: string, customerId: string) {
  const answer = await fetch(`${rest}/api/customers/${encodeURIComponent(customerId)}`);
  // The service answers an object; the SDK checks it against the output schema.
  const structuredContent = (await answer.json()) as Record<string, unknown>;
  const text = JSON.stringify(structuredContent);
  return { content: [{ type: "text" as const, text }], structuredContent };
}
