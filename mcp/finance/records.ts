import * as z from "zod";
import { pathSegment, type Upstream } from "../../src/core/upstream.ts";
import { callRest } from "../../src/kit/rest.ts";
import { defineTool, type Tool } from "../../src/kit/tool.ts";
import { customerId, limit, offset, orderId, recordId } from "./arguments.ts";
import { dispute, envelope, invoice, order, receipt } from "./entities.ts";

function listTool(
  kind: "dispute" | "receipt",
  states: string,
  entity: z.ZodObject,
): Tool<Upstream> {
  return defineTool({
    name: `list_${kind}s`,
    title: `List ${kind}s`,
    description:
      `Returns one customer's ${kind}s, newest first, under \`data\`. Narrow them by order or status. ` +
      `Returns at most \`limit\` entries; for more, call again with offset. Changes nothing.`,
    effect: "read",
    input: z.strictObject({
      customer_id: customerId,
      order_id: orderId.optional(),
      status: z.string().optional().describe(`One of ${states}. Leave out for all.`),
      limit,
      offset,
    }),
    output: envelope(z.array(entity)),
    run: async (args, rest: Upstream, call) => {
      const query = {
        customerId: args.customer_id,
        orderId: args.order_id,
        status: args.status || undefined,
        limit: args.limit,
        offset: args.offset,
      };
      const request = { method: "GET", path: `/api/finance/${kind}s`, query } as const;
      return (await callRest(rest, request, call)).result;
    },
  });
}

function getTool(
  kind: string,
  example: string,
  finder: string,
  entity: z.ZodObject,
): Tool<Upstream> {
  return defineTool({
    name: `get_${kind}`,
    title: `Get ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`,
    description:
      `Returns one ${kind} under \`data\`, by its numeric id or its number. ` +
      `When neither is known, call ${finder} with the customer's id first.`,
    effect: "read",
    input: z.strictObject({ id: recordId(example) }),
    output: envelope(entity),
    run: async ({ id }, rest: Upstream, call) => {
      const path = `/api/finance/${kind}s/${pathSegment("id", String(id))}`;
      const notFoundHint = `Call ${finder} with the customer's id to find it.`;
      return (await callRest(rest, { method: "GET", path, notFoundHint }, call)).result;
    },
  });
}

const disputeStates = "OPEN, IN_PROGRESS, RESOLVED, CLOSED, CANCELLED";
const receiptStates = "PENDING, FOUND, LOST, REGENERATED, CANCELLED";

/** Read-only look-ups of single records and of a customer's disputes and receipts. */
export const recordTools: readonly Tool<Upstream>[] = [
  listTool("dispute", disputeStates, dispute),
  listTool("receipt", receiptStates, receipt),
  getTool("order", "ORD-008", "fetch_order_history", order),
  getTool("invoice", "INV-008", "fetch_invoice_history", invoice),
  getTool("dispute", "DISP-002", "list_disputes", dispute),
  getTool("receipt", "RCPT-008", "list_receipts", receipt),
];
