import { and, eq, inArray } from "drizzle-orm";
import type { Database, Queries } from "../../../db/database.ts";
import { disputes, utcNow } from "../../../db/finance/schema.ts";
import { type Claim, insertNumbered, lockOrder } from "./claim.ts";
import { entities } from "./entities.ts";
import type { Row } from "./reader.ts";
import { refuse } from "./refusal.ts";

/** What a customer says about a charge that came twice. */
export interface DuplicateCharge extends Claim {
  description: string;
  reason?: string | null | undefined;
}

/**
 * Opens a dispute about a duplicate charge. The order's row is locked first, so of many callers one wins; the partial
 * unique index holds against writers that do not lock.
 * @throws Refusal when the order is missing, another customer's, or already in such a dispute.
 */
export async function startDuplicateChargeDispute(
  database: Database,
  charge: DuplicateCharge,
): Promise<Row> {
  return database.transaction(async (queries) => {
    const orderId = await lockOrder(queries, charge);
    const alreadyActive = () =>
      refuse(`Duplicate charge dispute already exists for order: ${orderId}`);
    if (await isDisputed(queries, orderId)) throw alreadyActive();
    const inserted = await insertNumbered("DISP", (disputeNumber) =>
      queries
        .insert(disputes)
        .values({
          disputeNumber,
          orderId,
          customerId: charge.customerId,
          disputeType: "DUPLICATE_CHARGE",
          status: "OPEN",
          description: charge.description,
          reason: charge.reason ?? null,
          disputeDate: utcNow,
          createdAt: utcNow,
        })
        .onConflictDoNothing()
        .returning(entities.Dispute.columns),
    );
    if (inserted === undefined) throw alreadyActive();
    return inserted;
  });
}

async function isDisputed(queries: Queries, orderId: number): Promise<boolean> {
  const active = await queries
    .select({ id: disputes.id })
    .from(disputes)
    .where(
      and(
        eq(disputes.orderId, orderId),
        eq(disputes.disputeType, "DUPLICATE_CHARGE"),
        inArray(disputes.status, ["OPEN", "IN_PROGRESS"]),
      ),
    )
    .limit(1);
  return active.length === 1;
}
