import type * as z from "zod";
import type { Database } from "../../../db/database.ts";
import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";
import { printCursor } from "./cursor.ts";
import { startDuplicateChargeDispute } from "./disputes.ts";
import * as documented from "./documented.ts";
import type { EntityName } from "./entities.ts";
import { healthOperations } from "./health.ts";
import type { Listed } from "./listing.ts";
import { createReader, type EntityReader } from "./reader.ts";
import { findLostReceipt } from "./receipts.ts";
import { Refusal } from "./refusal.ts";
import {
  ByOrderQuery,
  DisputeQuery,
  DisputeRequest,
  HistoryRequest,
  OrderQuery,
  ReceiptRequest,
} from "./schema.ts";

/** The endpoints of the finance service. */
export function financeOperations(database: Database): Operation[] {
  const orders = createReader(database, "Order");
  const invoices = createReader(database, "Invoice");
  return [
    history("Order", orders),
    history("Invoice", invoices),
    disputeOperation(database),
    receiptOperation(database),
    ...reads("Order", orders, OrderQuery),
    ...reads("Invoice", invoices, ByOrderQuery),
    ...reads("Dispute", createReader(database, "Dispute"), DisputeQuery),
    ...reads("Receipt", createReader(database, "Receipt"), ByOrderQuery),
    ...healthOperations(),
  ];
}

function history(name: "Order" | "Invoice", reader: EntityReader): Operation {
  const message = `${name} history retrieved successfully`;
  const noun = name.toLowerCase();
  return defineOperation({
    method: "POST",
    path: `/api/finance/${noun}s/history`,
    tag: `${name}s`,
    summary: `Get the ${noun} history of a customer`,
    description: "Newest first. An unknown customer has an empty history.",
    body: HistoryRequest,
    bodyExample: documented.historyExample,
    answers: documented.listed(name, message),
    failureMessage: `Error retrieving ${noun} history: internal error`,
    async answer({ body: { includeTotal, cursor, ...request } }) {
      const listed = await reader.list({ ...request, after: cursor ?? undefined });
      const { limit, offset } = request;
      const answer = {
        ...listAnswer(listed, message),
        ...(includeTotal && { total: listed.total, limit, offset, hasMore: listed.hasMore }),
        ...(cursor !== undefined && {
          nextCursor: listed.next ? printCursor(listed.next) : null,
        }),
      };
      return jsonAnswer(200, answer, totalCount(listed));
    },
  });
}

function listAnswer({ rows }: Listed, message: string) {
  return { data: rows, success: true, count: rows.length, message };
}

function totalCount({ total }: Listed): Record<string, string> {
  return { "x-total-count": `${total}` };
}

function reads(
  name: EntityName,
  reader: EntityReader,
  query: z.ZodType<Parameters<EntityReader["list"]>[0]>,
): Operation[] {
  const noun = name.toLowerCase();
  const path = `/api/finance/${noun}s`;
  const found = `${name} retrieved successfully`;
  const listed = `${name}s retrieved successfully`;
  const common = { method: "GET", tag: `${name}s` } as const;
  return [
    defineOperation({
      ...common,
      path,
      summary: `List ${noun}s, newest first`,
      query,
      answers: documented.listed(name, listed),
      async answer(incoming) {
        const result = await reader.list(incoming.query);
        return jsonAnswer(200, listAnswer(result, listed), totalCount(result));
      },
    }),
    defineOperation({
      ...common,
      path: `${path}/:id`,
      summary: `Get one ${noun}`,
      params: { id: `The numeric id or the ${noun}'s number.` },
      answers: {
        ...documented.single(name, 200, found),
        ...documented.refused(404, `${name} not found with ID: 999`),
      },
      async answer({ params: { id = "" } }) {
        const data = await reader.find(id);
        if (!data) throw new Refusal("not_found", `${name} not found with ID: ${id}`);
        return jsonAnswer(200, { data, success: true, message: found });
      },
    }),
  ];
}

function disputeOperation(database: Database): Operation {
  const message = "Duplicate charge dispute started successfully";
  return defineOperation({
    method: "POST",
    path: "/api/finance/disputes/duplicate-charge",
    tag: "Disputes",
    summary: "Start a dispute about a duplicate charge",
    description: "Refused while the order has such a dispute that is open or in progress.",
    body: DisputeRequest,
    bodyExample: documented.disputeExample,
    answers: {
      ...documented.single("Dispute", 201, message),
      ...documented.refusedOrInvalid("Duplicate charge dispute already exists for order: 8"),
    },
    async answer({ body }) {
      const data = await startDuplicateChargeDispute(database, body);
      return jsonAnswer(201, { data, success: true, message });
    },
  });
}

function receiptOperation(database: Database): Operation {
  const message = "Lost receipt found/created successfully";
  return defineOperation({
    method: "POST",
    path: "/api/finance/receipts/find-lost",
    tag: "Receipts",
    summary: "Find the lost receipt of an order, or make one",
    description:
      "May write: makes a receipt when the order has no lost one, unless create is false.",
    body: ReceiptRequest,
    bodyExample: documented.receiptExample,
    answers: {
      ...documented.single("Receipt", 200, message, ["X-Receipt-Created"]),
      ...documented.refusedOrInvalid("Order not found with ID: 999"),
    },
    async answer({ body }) {
      const { receipt, isCreated } = await findLostReceipt(database, body);
      const answer = receipt
        ? { data: receipt, success: true, message }
        : { data: null, success: true, message: "No lost receipt found" };
      return jsonAnswer(200, answer, { "x-receipt-created": `${isCreated}` });
    },
  });
}
