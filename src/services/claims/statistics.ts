import { and, eq, isNotNull, sql } from "drizzle-orm";
import { claims } from "../../../db/claims/tables/claims.ts";
import { claimDecisions } from "../../../db/claims/tables/runs.ts";
import { shownStatusColumn } from "./claims.ts";
import type { ClaimsContext } from "./context.ts";
import { statuses } from "./words.ts";

/** Counts the claims by status and outcome; the total is the sum of all statuses. */
export async function readStatistics(
  { database, settings }: ClaimsContext,
  isArchivedIncluded: boolean,
) {
  const { queries, run } = database;
  const status = shownStatusColumn(settings.isDenyShownAsFailed);
  const wanted = isArchivedIncluded ? undefined : eq(claims.isArchived, false);
  const ofStatus = statuses.map((word) => [
    word,
    sql<number>`count(*) filter (where ${status} = ${word})::int`,
  ]);
  const [[counts], overrides] = await Promise.all([
    run(() =>
      queries
        .select({
          ...(Object.fromEntries(ofStatus) as Record<(typeof statuses)[number], never>),
          total: sql<number>`count(*)::int`,
          approved: sql<number>`count(*) filter (where ${claims.outcome} = 'approve')::int`,
          denied: sql<number>`count(*) filter (where ${claims.outcome} = 'deny')::int`,
          averageMs: sql<number | null>`avg(${claims.totalProcessingTimeMs})::float8`,
        })
        .from(claims)
        .where(wanted),
    ),
    readOverrideRate({ queries, run }, wanted),
  ]);
  if (!counts) throw new Error("an aggregate returned no row");
  return {
    total_claims: counts.total,
    pending_claims: counts.pending,
    processing_claims: counts.processing,
    completed_claims: counts.completed,
    failed_claims: counts.failed,
    manual_review_claims: counts.manual_review,
    pending_info_claims: counts.pending_info,
    approved_claims: counts.approved,
    denied_claims: counts.denied,
    average_processing_time_ms: counts.averageMs,
    override_rate: overrides,
  };
}

/** The share of the decided claims whose reviewer decided otherwise than the agent proposed; null before the first. */
async function readOverrideRate(
  { queries, run }: Pick<ClaimsContext["database"], "queries" | "run">,
  wanted: ReturnType<typeof eq> | undefined,
): Promise<number | null> {
  const isOverride = sql`exists (select from ${claimDecisions}
    where ${claimDecisions.claimId} = ${claims.id} and ${claimDecisions.finalDecision} is not null
      and ${claimDecisions.finalDecision} is distinct from ${claimDecisions.proposedDecision})`;
  const [row] = await run(() =>
    queries
      .select({
        decided: sql<number>`count(*)::int`,
        overridden: sql<number>`count(*) filter (where ${isOverride})::int`,
      })
      .from(claims)
      .where(and(wanted, isNotNull(claims.outcome))),
  );
  return row && row.decided > 0 ? row.overridden / row.decided : null;
}
