import { asc, gt } from "drizzle-orm";
import { auditLog } from "../../../db/claims/tables/review.ts";
import type { Database, Queries } from "../../../db/database.ts";

/** Something that must be accounted for later. */
export interface AuditEntry {
  action: string;
  claimId: string | null;
  detail: Record<string, unknown>;
  /** Who did it; the service itself when absent. */
  actor?: string;
}

/** The most entries of one answer. */
export const auditPageCount = 1_000;

/** Part of a transaction: the entry is there when, and only when, what it tells of is. */
export async function writeAudit(queries: Queries, entry: AuditEntry): Promise<void> {
  const { action, claimId, detail, actor = "claims-api" } = entry;
  await queries.insert(auditLog).values({ action, claimId, detail, actor });
}

/** The entries after a number, oldest first. */
export function listAudit({ queries, run }: Database, after: number) {
  return run(() =>
    queries
      .select({
        id: auditLog.id,
        at: auditLog.at,
        actor: auditLog.actor,
        action: auditLog.action,
        claim_id: auditLog.claimId,
        detail: auditLog.detail,
      })
      .from(auditLog)
      .where(gt(auditLog.id, after))
      .orderBy(asc(auditLog.id))
      .limit(auditPageCount),
  );
}
