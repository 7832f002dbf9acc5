import { type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";

/**
 * Selects a timestamp as the text that the services' contracts print: `2025-12-13T22:19:49.433401`, seconds always there,
 * a fraction only when it is not zero. As text because the driver's Date would cut microseconds to milliseconds.
 */
export function localDateTime<Column extends PgColumn>(
  column: Column,
): SQL<Column["_"]["notNull"] extends true ? string : string | null> {
  return sql`replace(${column}::text, ' ', 'T')`;
}
