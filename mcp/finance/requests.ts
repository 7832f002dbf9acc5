import * as z from "zod";
import type { Upstream } from "../../src/core/upstream.ts";
import { callRest } from "../../src/kit/rest.ts";
import { defineTool, type Tool } from "../../src/kit/tool.ts";
import { customerId, orderId } from "./arguments.ts";
import { dispute, envelope, receipt } from "./entities.ts";

const startDispute = defineTool({
  name: "start_duplicate_charge_dispute",
  title: "Start a duplicate-charge dispute",
  description:
    "Writes: opens a dispute because an order was charged twice, and returns it under `data`. Ask the user before " +
    "calling. Refused when the order belongs to another customer or already has an open dispute of this kind; " +
    "list_disputes shows those.",
  effect: "write",
  input: z.strictObject({
    customer_id: customerId,
    order_id: orderId,
    description: z.string().describe("What the customer says happened."),
    reason: z.string().optional().describe("The suspected cause, when it is known."),
  }),
  output: envelope(dispute),
  run: async (args, rest: Upstream, call) => {
    const body = {
      customerId: args.customer_id,
      orderId: args.order_id,
      description: args.description,
      reason: args.reason,
    };
    const path = "/api/finance/disputes/duplicate-charge";
    return (await callRest(rest, { method: "POST", path, body }, call)).result;
  },
});

const findLostReceipt = defineTool({
  name: "find_lost_receipt",
  title: "Find a lost receipt",
  description:
    "Returns the newest receipt of an order that is marked LOST, under `data`. Changes nothing by default: `data` is " +
    "null when there is none. With create=true it writes: a LOST receipt is recorded for the order when there is " +
    "none; ask the user before. For receipts in any other state call list_receipts.",
  effect: "write",
  idempotent: true,
  input: z.strictObject({
    customer_id: customerId,
    order_id: orderId,
    create: z
      .boolean()
      .default(false)
      .describe("True records a lost receipt when the order has none."),
  }),
  output: envelope(receipt),
  run: async (args, rest: Upstream, call) => {
    const body = { customerId: args.customer_id, orderId: args.order_id, create: args.create };
    const path = "/api/finance/receipts/find-lost";
    return (await callRest(rest, { method: "POST", path, body }, call)).result;
  },
});

/** The tools that may write; `--read-only` leaves them out. */
export const requestTools: readonly Tool<Upstream>[] = [startDispute, findLostReceipt];
