import { eq, sql } from "drizzle-orm";
import type { Queries } from "../../../db/database.ts";
import { orders } from "../../../db/finance/schema.ts";
import { isPossibleId } from "./reader.ts";
import { refuse } from "./refusal.ts";

/** How often a fresh number is drawn when the one before was taken; eight hex digits collide about never. */
const numberAttempts = 5;

/** Whose order it is that a dispute or receipt is about. */
export interface Claim {
  customerId: string;
  orderId: bigint;
}

/**
 * Locks the order's row, so that whatever is decided about the order is decided by one caller after the other.
 * @throws Refusal when there is no such order, or it is another customer's.
 */
export async function lockOrder(queries: Queries, claim: Claim): Promise<number> {
  const id = claim.orderId;
  const [order] = isPossibleId(id)
    ? await queries
        .select({ id: orders.id, customerId: orders.customerId })
        .from(orders)
        // The driver takes an int8 as text; a number could not hold all of them.
        .where(eq(orders.id, sql`${id.toString()}`))
        .for("no key update")
    : [];
  if (order === undefined) throw refuse(`Order not found with ID: ${id}`);
  if (order.customerId !== claim.customerId) {
    throw refuse(`Order does not belong to customer: ${claim.customerId}`);
  }
  return order.id;
}

/**
 * Inserts with a fresh number. Undefined when another rule than the number's uniqueness stood in the way: a writer
 * that does not lock the order has been faster.
 */
export async function insertNumbered<Row>(
  prefix: string,
  insert: (number: string) => PromiseLike<readonly Row[]>,
): Promise<Row | undefined> {
  for (let attempt = 0; attempt < numberAttempts; attempt++) {
    const [inserted] = await insert(`${prefix}-${randomDigits()}`);
    if (inserted) return inserted;
  }
  return undefined;
}

/** Eight upper-case hexadecimal digits. */
function randomDigits(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(4)))
    .toString("hex")
    .toUpperCase();
}
