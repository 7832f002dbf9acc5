import { and, asc, desc, eq, isNull, ne, sql } from "drizzle-orm";
import { claimDocuments, claims } from "../../../../db/claims/tables/claims.ts";
import type { Database } from "../../../../db/database.ts";
import { AgentFailure } from "../../../agent/failure.ts";
import type { ClaimsContext } from "../context.ts";
import { readExtraction } from "./extraction.ts";
import { hashDocument } from "./hash.ts";
import { keepable } from "./keepable.ts";

/** The most claims of one user that are read for another one's sake, the newest. */
const readLimitCount = 50;

/**
 * Reads the documents of the user's earlier claims that nobody has read yet. A claim repeats another one whichever of
 * the two is processed first, and that shows only once both are read. What cannot be read stays unread; a reader that
 * is away is for the run itself to report.
 */
export async function readEarlierClaims(
  context: ClaimsContext,
  claimId: string,
  signal: AbortSignal,
): Promise<void> {
  for (const earlier of await listUnread(context.database, claimId)) {
    signal.throwIfAborted();
    await hashDocument(context, earlier.id, earlier.documentPath);
    const output = await context.agent
      .read(earlier.documentPath, { signal })
      .catch((error: unknown) => {
        if (error instanceof AgentFailure) return undefined;
        throw error;
      });
    const extraction = output && readExtraction(keepable(output));
    if (extraction !== undefined) await storeUnread(context.database, earlier, extraction);
  }
}

interface Unread {
  id: string;
  documentPath: string;
}

/** Claims that do not count as earlier ones are left out, as the rules leave them out. */
function listUnread({ queries, run }: Database, claimId: string): Promise<Unread[]> {
  const self = sql`select of_run.user_id, of_run.submitted_at from ${claims} of_run where of_run.id = ${claimId}`;
  return run(() =>
    queries
      .select({ id: claims.id, documentPath: claims.documentPath })
      .from(claims)
      .leftJoin(claimDocuments, eq(claimDocuments.claimId, claims.id))
      .where(
        and(
          sql`exists (${self} and of_run.user_id = ${claims.userId} and of_run.submitted_at > ${claims.submittedAt})`,
          eq(claims.isArchived, false),
          ne(claims.status, "failed"),
          isNull(claimDocuments.extractedAt),
        ),
      )
      .orderBy(desc(claims.submittedAt), asc(claims.id))
      .limit(readLimitCount),
  );
}

/** A run of that claim, or a new document, may have come first: then theirs counts. */
async function storeUnread(
  { queries, run }: Database,
  { id, documentPath }: Unread,
  extraction: NonNullable<ReturnType<typeof readExtraction>>,
): Promise<void> {
  await run(() =>
    queries
      .update(claimDocuments)
      .set({ ...extraction, extractedAt: new Date(), updatedAt: new Date() })
      .where(
        and(
          eq(claimDocuments.claimId, id),
          eq(claimDocuments.documentPath, documentPath),
          isNull(claimDocuments.extractedAt),
        ),
      ),
  );
}
