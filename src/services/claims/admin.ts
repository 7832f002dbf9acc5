import { sql } from "drizzle-orm";
import { insertOf, sampleTables } from "../../../db/claims/seed/load.ts";
import { claims, documentUploads } from "../../../db/claims/tables/claims.ts";
import { knowledgeBase, users } from "../../../db/claims/tables/people.ts";
import { syncTombstones } from "../../../db/claims/tables/review.ts";
import type { Queries } from "../../../db/database.ts";
import { writeAudit } from "./audit.ts";
import type { ClaimsContext } from "./context.ts";
import { announce } from "./runs/bus.ts";
import { statuses } from "./words.ts";

/** Which tables others copy, and under which name. */
const copied = {
  users: "users",
  user_contracts: "contracts",
  claims: "precedents",
  knowledge_base: "articles",
};

/** What a reset has loaded. */
export interface ResetCounts {
  users: number;
  contracts: number;
  claims: number;
  knowledge_base: number;
}

/**
 * Replaces everything but the audit log by the sample rows, in one transaction. Runs that go on lose their claim and end;
 * rows that are gone leave a mark for those who keep copies.
 */
export function resetDatabase({ database }: ClaimsContext): Promise<ResetCounts> {
  return database.transaction(async (queries) => {
    // Every other transaction begins with its claim: whoever has one ends, and nobody else has anything that is needed here.
    await queries.execute(sql`lock table claims, users, knowledge_base in exclusive mode`);
    const tables = sampleTables();
    await buryRows(queries);
    for (const table of [claims, users, knowledgeBase, documentUploads])
      await queries.delete(table);
    for (const table of tables) {
      const { text, json } = insertOf(table);
      const [before = "", after = ""] = text.split("$1");
      await queries.execute(sql`${sql.raw(before)}${json}${sql.raw(after)}`);
    }
    await unburyRows(queries);
    const countOf = (name: string) =>
      tables.filter(({ table }) => table === name).reduce((sum, { rows }) => sum + rows.length, 0);
    const counts = {
      users: countOf("users"),
      contracts: countOf("user_contracts"),
      claims: countOf("claims"),
      knowledge_base: countOf("knowledge_base"),
    };
    await writeAudit(queries, { action: "database_reset", claimId: null, detail: { ...counts } });
    await announce(queries, { kind: "reset" });
    return counts;
  });
}

async function buryRows(queries: Queries): Promise<void> {
  for (const [table, kind] of Object.entries(copied)) {
    await queries.execute(sql`insert into ${syncTombstones} (kind, id)
      select ${kind}, id from ${sql.identifier(table)}
      on conflict (kind, id) do update set updated_at = now()`);
  }
}

/** Rows that came back under their old id are alive. */
async function unburyRows(queries: Queries): Promise<void> {
  for (const [table, kind] of Object.entries(copied)) {
    await queries.execute(sql`delete from ${syncTombstones}
      where kind = ${kind} and id in (select id from ${sql.identifier(table)})`);
  }
}

/** How much there is of everything. */
export async function readDatabaseStats({ database }: ClaimsContext) {
  const { queries, run } = database;
  const [counted, byStatus] = await Promise.all([
    run(() =>
      queries.execute(sql`select
        (select count(*)::int from users) as users,
        (select count(*)::int from user_contracts) as contracts,
        (select count(*)::int from claims) as claims_total,
        (select count(*)::int from knowledge_base) as knowledge_base,
        (select count(*)::int from claim_documents) as documents,
        (select count(*)::int from claim_documents where raw_ocr_text is not null) as documents_read`),
    ),
    run(() =>
      queries.execute(sql`select status, count(*)::int as count from claims group by status`),
    ),
  ]);
  // The columns are those of the statements above.
  const [counts] = [...counted] as unknown as Record<string, number>[];
  const found = [...byStatus] as unknown as { status: string; count: number }[];
  const counts_by_status = Object.fromEntries(
    statuses.map((word) => [word, found.find(({ status }) => status === word)?.count ?? 0]),
  );
  return { counts: counts ?? {}, counts_by_status };
}
