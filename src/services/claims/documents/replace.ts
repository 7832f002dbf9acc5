import { eq, sql } from "drizzle-orm";
import { claims } from "../../../../db/claims/tables/claims.ts";
import type { Database } from "../../../../db/database.ts";
import { AppError } from "../../../core/fault.ts";
import { writeAudit } from "../audit.ts";
import { type ClaimRow, lockClaim, storeDocument } from "../claims.ts";
import { appendEvent } from "../runs/events.ts";
import type { StoredDocument } from "./check.ts";

/** The states in which a new document puts a claim back to its beginning. */
const waiting: readonly string[] = ["pending_info", "failed"];

/**
 * Gives a claim another document, which has been checked.
 * @throws AppError `not_found`, or `conflict` when the claim is being processed or has been decided.
 */
export function replaceDocument(
  database: Database,
  claimId: string,
  document: StoredDocument,
): Promise<ClaimRow> {
  return database.transaction(async (queries) => {
    const claim = await lockClaim(queries, claimId);
    if (claim.status === "processing") {
      throw new AppError("conflict", "The claim is being processed");
    }
    if (claim.status === "completed") {
      throw new AppError("conflict", "The claim has been decided");
    }
    await storeDocument(queries, claimId, document);
    const status = waiting.includes(claim.status) ? "pending" : claim.status;
    const [changed] = await queries
      .update(claims)
      .set({ documentPath: document.documentPath, status, version: sql`${claims.version} + 1` })
      .where(eq(claims.id, claimId))
      .returning();
    const detail = { earlier_path: claim.documentPath, document_path: document.documentPath };
    await writeAudit(queries, { action: "document_replaced", claimId, detail });
    if (status !== claim.status) {
      const data = { status, outcome: null, previous_status: claim.status };
      await appendEvent(queries, { claimId, runId: null, type: "status.changed", data });
    }
    return changed ?? claim;
  });
}
