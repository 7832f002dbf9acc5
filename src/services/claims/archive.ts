import { eq, sql } from "drizzle-orm";
import { claims } from "../../../db/claims/tables/claims.ts";
import type { Database } from "../../../db/database.ts";
import { AppError } from "../../core/fault.ts";
import { writeAudit } from "./audit.ts";
import { type ClaimRow, lockClaim } from "./claims.ts";

/**
 * Puts a claim away or brings it back; a claim that is there already stays as it is.
 * @throws AppError `not_found`, or `conflict` while it is being processed.
 */
export function archiveClaim(
  database: Database,
  claimId: string,
  isArchived: boolean,
): Promise<ClaimRow> {
  return database.transaction(async (queries) => {
    const claim = await lockClaim(queries, claimId);
    if (claim.isArchived === isArchived) return claim;
    if (claim.status === "processing") {
      throw new AppError("conflict", "The claim is being processed");
    }
    const [changed] = await queries
      .update(claims)
      .set({ isArchived, version: sql`${claims.version} + 1` })
      .where(eq(claims.id, claimId))
      .returning();
    const action = isArchived ? "claim_archived" : "claim_unarchived";
    await writeAudit(queries, { action, claimId, detail: {} });
    return changed ?? claim;
  });
}
