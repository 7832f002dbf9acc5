import { sql } from "drizzle-orm";
import type { Database } from "../../../db/database.ts";

/** Collations that fold case by Unicode, the best first; which of them exist depends on how PostgreSQL was built. */
const foldingCollations = ["pg_c_utf8", "und-x-icu", "C.utf8", "en_US.utf8"];

/**
 * The collation that makes upper() know letters with accents, or undefined when the database's own one does. A database
 * created with locale C folds a to z only, and searches would miss names that differ in the case of an accented letter.
 */
export async function findFoldingCollation({
  queries,
  run,
}: Database): Promise<string | undefined> {
  const [own] = await run(() =>
    queries.select({ folds: sql<boolean>`upper('í') = 'Í'` }).from(sql`(select 1) as one`),
  );
  if (own?.folds) return undefined;
  const found = await run(() =>
    queries
      .select({ name: sql<string>`collname` })
      .from(sql`pg_collation`)
      .where(
        sql`collencoding in (-1, (select encoding from pg_database where datname = current_database()))`,
      ),
  );
  const names = new Set(found.map(({ name }) => name));
  return foldingCollations.find((name) => names.has(name));
}
