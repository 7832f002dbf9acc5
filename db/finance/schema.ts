import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  check,
  index,
  numeric,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  varchar,
} from "drizzle-orm/pg-core";

/** The database's clock in UTC, whatever time zone the session has. */
export const utcNow = sql`(now() at time zone 'utc')`;

/** Local date-times in UTC, read and written as text so that no microsecond is lost in a Date. */
const utcTimestamp = (name: string) => timestamp(name, { mode: "string" });
/** Amounts stay decimal text in the program; they become JSON numbers only on the wire. */
const money = (name: string) => numeric(name, { precision: 10, scale: 2 }).notNull();
const number = (name: string) => varchar(name, { length: 255 }).notNull().unique();

const id = () => bigserial("id", { mode: "number" }).primaryKey();
const customerId = () => varchar("customer_id", { length: 255 }).notNull();
const orderId = () =>
  bigint("order_id", { mode: "number" })
    .notNull()
    .references(() => orders.id);
const status = () => varchar("status", { length: 50 }).notNull();
const written = () => ({
  createdAt: utcTimestamp("created_at").notNull().default(utcNow),
  updatedAt: utcTimestamp("updated_at"),
});

export const orders = pgTable(
  "orders",
  {
    id: id(),
    orderNumber: number("order_number"),
    customerId: customerId(),
    totalAmount: money("total_amount"),
    status: status(),
    orderDate: utcTimestamp("order_date").notNull(),
    ...written(),
  },
  (table) => [
    index("idx_orders_customer_id").on(table.customerId),
    index("idx_orders_order_date").on(table.orderDate),
    index("idx_orders_status").on(table.status),
    // The index behind the history queries, in the order that they ask for. DESC alone means NULLS FIRST there.
    index("idx_orders_history").on(
      table.customerId,
      table.orderDate.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    check("orders_total_amount_positive", sql`${table.totalAmount} > 0`),
  ],
);

export const invoices = pgTable(
  "invoices",
  {
    id: id(),
    invoiceNumber: number("invoice_number"),
    orderId: orderId(),
    customerId: customerId(),
    amount: money("amount"),
    status: status(),
    invoiceDate: utcTimestamp("invoice_date").notNull(),
    dueDate: utcTimestamp("due_date"),
    paidDate: utcTimestamp("paid_date"),
    ...written(),
  },
  (table) => [
    index("idx_invoices_customer_id").on(table.customerId),
    index("idx_invoices_order_id").on(table.orderId),
    index("idx_invoices_invoice_date").on(table.invoiceDate),
    index("idx_invoices_status").on(table.status),
    index("idx_invoices_history").on(
      table.customerId,
      table.invoiceDate.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    check("invoices_amount_positive", sql`${table.amount} > 0`),
  ],
);

export const disputes = pgTable(
  "disputes",
  {
    id: id(),
    disputeNumber: number("dispute_number"),
    orderId: orderId(),
    customerId: customerId(),
    disputeType: varchar("dispute_type", { length: 50 }).notNull(),
    status: status(),
    description: text("description"),
    reason: text("reason"),
    disputeDate: utcTimestamp("dispute_date").notNull(),
    resolvedDate: utcTimestamp("resolved_date"),
    ...written(),
  },
  (table) => [
    index("idx_disputes_customer_id").on(table.customerId),
    index("idx_disputes_order_id").on(table.orderId),
    index("idx_disputes_dispute_date").on(table.disputeDate),
    index("idx_disputes_status").on(table.status),
    index("idx_disputes_type").on(table.disputeType),
    uniqueIndex("disputes_one_active_duplicate_charge")
      .on(table.orderId)
      .where(
        sql`${table.disputeType} = 'DUPLICATE_CHARGE' and ${table.status} in ('OPEN', 'IN_PROGRESS')`,
      ),
  ],
);

export const receipts = pgTable(
  "receipts",
  {
    id: id(),
    receiptNumber: number("receipt_number"),
    orderId: orderId(),
    customerId: customerId(),
    status: status(),
    filePath: varchar("file_path", { length: 500 }),
    fileName: varchar("file_name", { length: 255 }),
    fileSize: bigint("file_size", { mode: "number" }),
    mimeType: varchar("mime_type", { length: 100 }),
    receiptDate: utcTimestamp("receipt_date").notNull(),
    ...written(),
  },
  (table) => [
    index("idx_receipts_customer_id").on(table.customerId),
    index("idx_receipts_order_id").on(table.orderId),
    index("idx_receipts_receipt_date").on(table.receiptDate),
    index("idx_receipts_status").on(table.status),
    uniqueIndex("receipts_one_lost").on(table.orderId).where(sql`${table.status} = 'LOST'`),
  ],
);
