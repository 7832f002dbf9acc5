import * as z from "zod";
import { readCursor } from "./cursor.ts";
import {
  dateBound,
  filterText,
  limit,
  offset,
  optionalText,
  orderId,
  orderIdFilter,
  requiredText,
  truth,
} from "./request-fields.ts";

const period = {
  startDate: dateBound("startDate", "start"),
  endDate: dateBound("endDate", "end"),
  limit,
  offset,
};

/** The body of the history requests. */
export const HistoryRequest = z
  .object({
    customerId: requiredText("Customer ID"),
    ...period,
    includeTotal: truth("includeTotal", false, "Adds total, limit, offset and hasMore."),
    cursor: z
      .string("cursor must be a text")
      .nullable()
      .transform((text, context) => {
        if (!text) return null;
        const cursor = readCursor(text);
        if (cursor) return cursor;
        context.issues.push({
          code: "custom",
          input: text,
          message: "cursor must be a nextCursor of an earlier answer",
        });
        return z.NEVER;
      })
      .optional()
      .meta({
        type: ["string", "null"],
        description:
          "Where the page before ended; null asks for the first page with its nextCursor.",
      }),
  })
  .meta({ id: "HistoryRequest" });

/** The body of a dispute. */
export const DisputeRequest = z
  .object({
    customerId: requiredText("Customer ID"),
    orderId,
    description: requiredText("Description"),
    reason: optionalText("Reason"),
  })
  .meta({ id: "DisputeRequest" });

/** The body of a search for a lost receipt. */
export const ReceiptRequest = z
  .object({
    customerId: requiredText("Customer ID"),
    orderId,
    create: truth("create", true, "false never makes a receipt."),
  })
  .meta({ id: "ReceiptRequest" });

const listFilters = {
  customerId: filterText("Customer ID"),
  status: filterText("Status"),
};

/** The queries of the lists. */
export const OrderQuery = z.object({ ...listFilters, ...period });
export const ByOrderQuery = z.object({ ...listFilters, orderId: orderIdFilter, ...period });
export const DisputeQuery = z.object({
  ...ByOrderQuery.shape,
  disputeType: filterText("Dispute type"),
});

const id = z.number().int();
const dateTime = z.string().meta({ examples: ["2024-01-30T15:20:00"] });
const nullableText = z.string().nullable();
const written = { createdAt: dateTime, updatedAt: dateTime.nullable() };

export const Order = z
  .object({
    id,
    orderNumber: z.string(),
    customerId: z.string(),
    totalAmount: z.number(),
    status: z.enum(["PENDING", "CONFIRMED", "SHIPPED", "DELIVERED", "CANCELLED", "REFUNDED"]),
    orderDate: dateTime,
    ...written,
  })
  .meta({ id: "Order" });

export const Invoice = z
  .object({
    id,
    invoiceNumber: z.string(),
    orderId: id,
    customerId: z.string(),
    amount: z.number(),
    status: z.enum(["DRAFT", "SENT", "PAID", "OVERDUE", "CANCELLED", "REFUNDED"]),
    invoiceDate: dateTime,
    dueDate: dateTime.nullable(),
    paidDate: dateTime.nullable(),
    ...written,
  })
  .meta({ id: "Invoice" });

export const Dispute = z
  .object({
    id,
    disputeNumber: z.string(),
    orderId: id,
    customerId: z.string(),
    disputeType: z.enum([
      "DUPLICATE_CHARGE",
      "UNAUTHORIZED_CHARGE",
      "PRODUCT_NOT_RECEIVED",
      "DEFECTIVE_PRODUCT",
      "BILLING_ERROR",
    ]),
    status: z.enum(["OPEN", "IN_PROGRESS", "RESOLVED", "CLOSED", "CANCELLED"]),
    description: nullableText,
    reason: nullableText,
    disputeDate: dateTime,
    resolvedDate: dateTime.nullable(),
    ...written,
  })
  .meta({ id: "Dispute" });

export const Receipt = z
  .object({
    id,
    receiptNumber: z.string(),
    orderId: id,
    customerId: z.string(),
    status: z.enum(["PENDING", "FOUND", "LOST", "REGENERATED", "CANCELLED"]),
    filePath: nullableText,
    fileName: nullableText,
    fileSize: z.number().int().nullable(),
    mimeType: nullableText,
    receiptDate: dateTime,
    ...written,
  })
  .meta({ id: "Receipt" });
