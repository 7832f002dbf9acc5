import { type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { disputes, invoices, orders, receipts } from "../../../db/finance/schema.ts";
import { localDateTime } from "../../../db/local-date-time.ts";

/** Decimal text in the database, a JSON number on the wire; no arithmetic happens in between. */
const amount = (column: PgColumn) => sql<number>`${column}`.mapWith(Number);

export type EntityName = "Order" | "Invoice" | "Dispute" | "Receipt";

/** One kind of rows with what its queries need. */
export interface Entity {
  table: PgTable & Record<"id" | "customerId" | "status", PgColumn>;
  /** The number that people use, such as ORD-008. */
  number: PgColumn;
  /** The date that lists are ordered by, and its key in the answers. */
  date: PgColumn;
  dateKey: string;
  /** What lists can be filtered by beside customer, status and date. */
  filters: Readonly<Record<string, PgColumn>>;
  /** What queries select, in the order of the answers' keys. */
  columns: Record<string, PgColumn | SQL>;
}

export const entities: Readonly<Record<EntityName, Entity>> = {
  Order: {
    table: orders,
    date: orders.orderDate,
    dateKey: "orderDate",
    number: orders.orderNumber,
    filters: {},
    columns: {
      id: orders.id,
      orderNumber: orders.orderNumber,
      customerId: orders.customerId,
      totalAmount: amount(orders.totalAmount),
      status: orders.status,
      orderDate: localDateTime(orders.orderDate),
      createdAt: localDateTime(orders.createdAt),
      updatedAt: localDateTime(orders.updatedAt),
    },
  },
  Invoice: {
    table: invoices,
    date: invoices.invoiceDate,
    dateKey: "invoiceDate",
    number: invoices.invoiceNumber,
    filters: { orderId: invoices.orderId },
    columns: {
      id: invoices.id,
      invoiceNumber: invoices.invoiceNumber,
      orderId: invoices.orderId,
      customerId: invoices.customerId,
      amount: amount(invoices.amount),
      status: invoices.status,
      invoiceDate: localDateTime(invoices.invoiceDate),
      dueDate: localDateTime(invoices.dueDate),
      paidDate: localDateTime(invoices.paidDate),
      createdAt: localDateTime(invoices.createdAt),
      updatedAt: localDateTime(invoices.updatedAt),
    },
  },
  Dispute: {
    table: disputes,
    date: disputes.disputeDate,
    dateKey: "disputeDate",
    number: disputes.disputeNumber,
    filters: { orderId: disputes.orderId, disputeType: disputes.disputeType },
    columns: {
      id: disputes.id,
      disputeNumber: disputes.disputeNumber,
      orderId: disputes.orderId,
      customerId: disputes.customerId,
      disputeType: disputes.disputeType,
      status: disputes.status,
      description: disputes.description,
      reason: disputes.reason,
      disputeDate: localDateTime(disputes.disputeDate),
      resolvedDate: localDateTime(disputes.resolvedDate),
      createdAt: localDateTime(disputes.createdAt),
      updatedAt: localDateTime(disputes.updatedAt),
    },
  },
  Receipt: {
    table: receipts,
    date: receipts.receiptDate,
    dateKey: "receiptDate",
    number: receipts.receiptNumber,
    filters: { orderId: receipts.orderId },
    columns: {
      id: receipts.id,
      receiptNumber: receipts.receiptNumber,
      orderId: receipts.orderId,
      customerId: receipts.customerId,
      status: receipts.status,
      filePath: receipts.filePath,
      fileName: receipts.fileName,
      fileSize: receipts.fileSize,
      mimeType: receipts.mimeType,
      receiptDate: localDateTime(receipts.receiptDate),
      createdAt: localDateTime(receipts.createdAt),
      updatedAt: localDateTime(receipts.updatedAt),
    },
  },
};
