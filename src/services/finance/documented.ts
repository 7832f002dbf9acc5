import * as z from "zod";
import { reasonOf, unavailableMessage } from "../failure-words.ts";
import type { DocumentedAnswer } from "../operation.ts";
import type { EntityName } from "./entities.ts";
import { FinanceRefusal, RequestFailure } from "./failure.ts";
import { Dispute, Invoice, Order, Receipt } from "./schema.ts";

type Answers = Readonly<Record<number, DocumentedAnswer>>;

const schemas = { Order, Invoice, Dispute, Receipt };

const at = (time: string) => `2024-01-30T${time}`;
const examples: Readonly<Record<EntityName, Record<string, unknown>>> = {
  Order: {
    id: 8,
    orderNumber: "ORD-008",
    customerId: "AROUT",
    totalAmount: 59.99,
    status: "PENDING",
    orderDate: at("15:20:00"),
    createdAt: at("15:20:00"),
    updatedAt: null,
  },
  Invoice: {
    id: 8,
    invoiceNumber: "INV-008",
    orderId: 8,
    customerId: "AROUT",
    amount: 59.99,
    status: "DRAFT",
    invoiceDate: at("15:25:00"),
    dueDate: "2024-02-28T15:25:00",
    paidDate: null,
    createdAt: at("15:25:00"),
    updatedAt: null,
  },
  Dispute: {
    id: 4,
    disputeNumber: "DISP-7A41C09E",
    orderId: 8,
    customerId: "AROUT",
    disputeType: "DUPLICATE_CHARGE",
    status: "OPEN",
    description: "The card statement lists this order two times",
    reason: null,
    disputeDate: at("16:00:00"),
    resolvedDate: null,
    createdAt: at("16:00:00"),
    updatedAt: null,
  },
  Receipt: {
    id: 8,
    receiptNumber: "RCPT-008",
    orderId: 8,
    customerId: "AROUT",
    status: "LOST",
    filePath: null,
    fileName: null,
    fileSize: null,
    mimeType: null,
    receiptDate: at("15:30:00"),
    createdAt: at("15:30:00"),
    updatedAt: null,
  },
};

export const historyExample = { customerId: "AROUT", limit: 10 };
export const disputeExample = {
  customerId: "AROUT",
  orderId: 8,
  description: "The card statement lists this order two times",
};
export const receiptExample = { customerId: "AROUT", orderId: 8 };

const success = { success: z.literal(true) };
const message = { message: z.string() };

/** A list's answer; the members that only come when asked for are optional. */
export function listed(name: EntityName, text: string): Answers {
  return {
    200: {
      description: text,
      schema: z.object({
        data: z.array(schemas[name]),
        ...success,
        count: z.number().int(),
        ...message,
        total: z.number().int().optional(),
        limit: z.number().int().optional(),
        offset: z.number().int().optional(),
        hasMore: z.boolean().optional(),
        nextCursor: z.string().nullable().optional(),
      }),
      example: { data: [examples[name]], success: true, count: 1, message: text },
      headers: ["X-Total-Count"],
    },
    ...badRequest("limit", "-1", "limit must be a whole number of 0 or more"),
    ...away,
  };
}

export function single(
  name: EntityName,
  status: number,
  text: string,
  headers: readonly string[] = [],
): Answers {
  const schema = z.object({ data: schemas[name].nullable(), ...success, ...message });
  const example = { data: examples[name], success: true, message: text };
  return { [status]: { description: text, schema, example, headers }, ...away };
}

export function refused(status: number, text: string): Answers {
  const example = { data: null, success: false, message: text };
  return { [status]: { description: reasonOf(status), schema: FinanceRefusal, example } };
}

/** 400 has two shapes: the request was not understood, or a business rule said no. */
export function refusedOrInvalid(text: string): Answers {
  const [invalid] = Object.values(badRequest("customerId", "null", "Customer ID is required"));
  return {
    400: {
      description: `Not understood, or refused: ${text}`,
      schema: z.union([RequestFailure, FinanceRefusal]),
      example: invalid?.example,
    },
  };
}

function badRequest(field: string, rejectedValue: string, text: string): Answers {
  const example = {
    timestamp: "2025-12-11T13:26:38.174+00:00",
    status: 400,
    error: reasonOf(400),
    path: "/api/finance/orders/history",
    data: null,
    success: false,
    message: text,
    errors: [{ field, rejectedValue, message: text }],
  };
  return { 400: { description: reasonOf(400), schema: RequestFailure, example } };
}

const away = refused(503, unavailableMessage);
