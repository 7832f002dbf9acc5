import { type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { disputes, invoices, orders, receipts } from "../../../db/finance/schema.ts";
import { localDateTime } from "../../../db/local-date-time.ts";

/** A bigint or decimal in the database, a JSON number on the wire; no arithmetic happens in between. */
const number = (column: PgColumn) => sql<number>`${column}::float8`;

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
      id: number(orders.id),
      orderNumber: orders.orderNumber,
      customerId: orders.customerId,
      totalAmount: number(orders.totalAmount),
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
      id: number(invoices.id),
      invoiceNumber: invoices.invoiceNumber,
      orderId: number(invoices.orderId),
      customerId: invoices.customerId,
      amount: number(invoices.amount),
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
      id: number(disputes.id),
      disputeNumber: disputes.disputeNumber,
      orderId: number(disputes.orderId),
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
      id: number(receipts.id),
      receiptNumber: receipts.receiptNumber,
      orderId: number(receipts.orderId),
      customerId: receipts.customerId,
      status: receipts.status,
      filePath: receipts.filePath,
      fileName: receipts.fileName,
      fileSize: number(receipts.fileSize),
      mimeType: receipts.mimeType,
      receiptDate: localDateTime(receipts.receiptDate),
      createdAt: localDateTime(receipts.createdAt),
      updatedAt: localDateTime(receipts.updatedAt),
    },
  },
};

/** What a statement that needs no mapping selects: the same, under the names that the answers have. */
export function namedColumns({ columns }: Entity): Record<string, SQL.Aliased> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, sql`${column}`.as(name)]),
  );
}
