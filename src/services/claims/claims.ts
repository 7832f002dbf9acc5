import { and, asc, count, desc, eq, ilike, or, type SQL, sql } from "drizzle-orm";
import { claimDocuments, claims } from "../../../db/claims/tables/claims.ts";
import { users } from "../../../db/claims/tables/people.ts";
import type { Database, Queries } from "../../../db/database.ts";
import { findRefusal, isUniqueViolation } from "../../../db/failure.ts";
import { AppError } from "../../core/fault.ts";
import type { CreateClaim, ListQuery, SortField } from "./claim-schema.ts";
import type { StoredDocument } from "./documents/check.ts";
import { invalidInput } from "./failure.ts";

export type ClaimRow = typeof claims.$inferSelect;

/** A claim as answers print it. */
export function printClaim(row: ClaimRow, isDenyShownAsFailed: boolean) {
  return {
    id: row.id,
    user_id: row.userId,
    claim_number: row.claimNumber,
    claim_type: row.claimType,
    document_path: row.documentPath,
    status: shownStatus(row, isDenyShownAsFailed),
    outcome: row.outcome,
    submitted_at: row.submittedAt,
    processed_at: row.processedAt,
    total_processing_time_ms: row.totalProcessingTimeMs,
    is_archived: row.isArchived,
    metadata: row.metadata,
    agent_logs: row.agentLogs,
    version: row.version,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}

/** The status that clients see; old ones take a denial for a failure. */
export function shownStatus(
  { status, outcome }: Pick<ClaimRow, "status" | "outcome">,
  isDenyShownAsFailed: boolean,
): string {
  return isDenyShownAsFailed && status === "completed" && outcome === "deny" ? "failed" : status;
}

/** The same as an expression over the table. */
export function shownStatusColumn(isDenyShownAsFailed: boolean): SQL<string> {
  if (!isDenyShownAsFailed) return sql<string>`${claims.status}`;
  return sql<string>`case when ${claims.status} = 'completed' and ${claims.outcome} = 'deny'
    then 'failed' else ${claims.status} end`;
}

export function unknownClaim(): AppError {
  return new AppError("not_found", "Claim not found");
}

/** @throws AppError `not_found`. */
export async function getClaim({ queries, run }: Database, claimId: string): Promise<ClaimRow> {
  const [row] = await run(() => queries.select().from(claims).where(eq(claims.id, claimId)));
  if (!row) throw unknownClaim();
  return row;
}

/**
 * Part of a transaction: the claim, locked until the end; rows that refer to it can still be written.
 * Locks are taken in one order: claim, run, stream.
 * @throws AppError `not_found`.
 */
export async function lockClaim(queries: Queries, claimId: string): Promise<ClaimRow> {
  const [row] = await queries
    .select()
    .from(claims)
    .where(eq(claims.id, claimId))
    .for("no key update");
  if (!row) throw unknownClaim();
  return row;
}

/** One page of claims, and how many match in all. */
export async function listClaims(
  { queries, run }: Database,
  query: ListQuery,
  isDenyShownAsFailed: boolean,
): Promise<{ rows: ClaimRow[]; total: number }> {
  const status = shownStatusColumn(isDenyShownAsFailed);
  const matches = matching(query, status);
  const [rows, [counted]] = await Promise.all([
    run(() =>
      queries
        .select()
        .from(claims)
        .where(matches)
        .orderBy(...orderOf(query.sort, status))
        .limit(query.page_size)
        .offset((query.page - 1) * query.page_size),
    ),
    run(() => queries.select({ total: count() }).from(claims).where(matches)),
  ]);
  return { rows, total: counted?.total ?? 0 };
}

function matching(query: ListQuery, status: SQL<string>): SQL | undefined {
  return and(
    query.include_archived ? undefined : eq(claims.isArchived, false),
    query.status && sql`${status} = ${query.status}`,
    query.outcome && eq(claims.outcome, query.outcome),
    query.claim_type === undefined
      ? undefined
      : sql`lower(${claims.claimType}) = lower(${query.claim_type})`,
    query.user_id === undefined ? undefined : eq(claims.userId, query.user_id),
    query.search === undefined ? undefined : searching(query.search),
  );
}

/** Users first and as a list: so an index finds the claims of either kind, which over a join none can. */
function searching(search: string): SQL | undefined {
  const part = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
  const isUser = or(ilike(users.userId, part), ilike(users.fullName, part));
  const found = sql`array(select ${users.userId} from ${users} where ${isUser})`;
  return or(ilike(claims.claimNumber, part), sql`${claims.userId} = any(${found})`);
}

/** The order, with the id last so that pages do not overlap. */
function orderOf(sort: ListQuery["sort"], status: SQL<string>): SQL[] {
  const columns = {
    submitted_at: claims.submittedAt,
    processed_at: claims.processedAt,
    claim_number: claims.claimNumber,
    total_processing_time_ms: claims.totalProcessingTimeMs,
    status,
  };
  const isDescending = sort.startsWith("-");
  // The query's schema knows these words and no others.
  const column = columns[sort.replace("-", "") as SortField];
  const order = isDescending ? sql`${column} desc nulls last` : sql`${column} asc nulls last`;
  return [order, isDescending ? desc(claims.id) : asc(claims.id)];
}

/**
 * Files a claim with its document, which has been checked.
 * @throws AppError `conflict` for a number that is taken, `invalid_input` for an unknown user.
 */
export function createClaim(
  database: Database,
  input: CreateClaim,
  document: StoredDocument,
): Promise<ClaimRow> {
  const work = database.transaction(async (queries) => {
    const [row] = await queries
      .insert(claims)
      .values({
        userId: input.user_id,
        claimNumber: input.claim_number,
        claimType: input.claim_type ?? null,
        documentPath: input.document_path,
      })
      .returning();
    if (!row) throw new Error("an insert returned no row");
    await storeDocument(queries, row.id, document);
    return row;
  });
  return work.catch((error: unknown) => {
    if (isUniqueViolation(error)) {
      throw new AppError("conflict", "Claim number already exists");
    }
    if (findRefusal(error)?.sqlState === "23503") {
      throw invalidInput(["body", "user_id"], "No such user", "unknown_user");
    }
    throw error;
  });
}

/** Part of a transaction: the claim's document is this file now, and nothing has been read from it yet. */
export async function storeDocument(
  queries: Queries,
  claimId: string,
  document: StoredDocument,
): Promise<void> {
  const unread = {
    rawOcrText: null,
    structuredData: null,
    pages: null,
    warnings: null,
    ocrConfidence: null,
    language: null,
    extractedAt: null,
  };
  const values = {
    documentPath: document.documentPath,
    sha256: document.sha256,
    fileSizeBytes: document.fileSizeBytes,
    mimeType: document.mimeType,
    pageCount: document.pageCount,
  };
  await queries
    .insert(claimDocuments)
    .values({ claimId, ...values })
    .onConflictDoUpdate({
      target: claimDocuments.claimId,
      set: { ...values, ...unread, updatedAt: new Date() },
    });
}
