import { and, desc, eq } from "drizzle-orm";
import type { Database, Queries } from "../../../db/database.ts";
import { receipts, utcNow } from "../../../db/finance/schema.ts";
import { type Claim, insertNumbered, lockOrder } from "./claim.ts";
import { entities } from "./entities.ts";
import type { Row } from "./reader.ts";

/** A lost receipt, if there is one, and whether this call has made it. */
export interface LostReceipt {
  receipt: Row | undefined;
  isCreated: boolean;
}

/**
 * Finds the newest receipt of an order that is LOST, and makes one when there is none and `create` allows it, even when
 * the order has receipts of other states.
 * @throws Refusal when the order is missing or another customer's.
 */
export async function findLostReceipt(
  database: Database,
  request: Claim & { create: boolean },
): Promise<LostReceipt> {
  return database.transaction(async (queries) => {
    const orderId = await lockOrder(queries, request);
    const found = await newestLost(queries, orderId);
    if (found || !request.create) return { receipt: found, isCreated: false };
    const inserted = await insertNumbered("RCPT", (receiptNumber) =>
      queries
        .insert(receipts)
        .values({
          receiptNumber,
          orderId,
          customerId: request.customerId,
          status: "LOST",
          receiptDate: utcNow,
          createdAt: utcNow,
        })
        .onConflictDoNothing()
        .returning(entities.Receipt.columns),
    );
    if (inserted) return { receipt: inserted, isCreated: true };
    // A writer that does not lock the order has made one since; that one is the answer.
    return { receipt: await newestLost(queries, orderId), isCreated: false };
  });
}

async function newestLost(queries: Queries, orderId: number): Promise<Row | undefined> {
  const [newest] = await queries
    .select(entities.Receipt.columns)
    .from(receipts)
    .where(and(eq(receipts.orderId, orderId), eq(receipts.status, "LOST")))
    .orderBy(desc(receipts.receiptDate), desc(receipts.id))
    .limit(1);
  return newest;
}
