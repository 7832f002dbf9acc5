import { and, count, desc, eq, gte, lte, type SQL, sql } from "drizzle-orm";
import type { Database, Queries } from "../../../db/database.ts";
import type { Cursor } from "./cursor.ts";
import { type EntityName, entities } from "./entities.ts";

/** Which rows of one kind are wanted: newest first, the matches of all given filters. */
export interface ListRequest {
  customerId?: string | undefined;
  status?: string | undefined;
  orderId?: bigint | null | undefined;
  disputeType?: string | undefined;
  /** Both ends inclusive, null for an open one. */
  startDate: string | null;
  endDate: string | null;
  limit: number;
  offset: number;
  /** Where the page before ended. */
  after?: Cursor | undefined;
}

/** One page, and how many rows match in all. */
export interface Listed {
  rows: Record<string, unknown>[];
  total: number;
  hasMore: boolean;
  /** The place after the last row, when there are more. */
  next: Cursor | undefined;
}

export type Listing = (request: ListRequest) => Promise<Listed>;

/** The conditions by the name of their placeholder; each combination has its own statement and plan. */
function conditionsOf(entity: EntityName): Record<string, SQL> {
  const { table, date, filters } = entities[entity];
  const columns = { customerId: table.customerId, status: table.status, ...filters };
  const equal = Object.entries(columns).map(([name, column]) => [
    name,
    eq(column, sql.placeholder(name)),
  ]);
  return {
    ...Object.fromEntries(equal),
    startDate: gte(date, sql.placeholder("startDate")),
    endDate: lte(date, sql.placeholder("endDate")),
    // The row comparison is one seek in the index on (customer, date desc, id desc), however deep the page is.
    after: sql`(${date}, ${table.id}) < (${sql.placeholder("afterDate")}, ${sql.placeholder("afterId")})`,
  };
}

export function createListing({ queries, run }: Database, entity: EntityName): Listing {
  const conditions = conditionsOf(entity);
  const { dateKey } = entities[entity];
  const names = Object.keys(conditions);
  const statements = new Map<string, Statements>();

  function statementsFor(given: Record<string, unknown>): Statements {
    const present = names.filter((name) => given[name] !== undefined && given[name] !== null);
    const key = present.join();
    const prepared = statements.get(key) ?? prepareListing(queries, entity, conditions, present);
    statements.set(key, prepared);
    return prepared;
  }

  return async (request) => {
    const { limit, offset, after, orderId, ...filters } = request;
    const given = { ...filters, orderId: orderId?.toString(), after };
    const values = { ...given, afterDate: after?.date, afterId: after?.id };
    const { page } = statementsFor(given);
    // One row more than asked tells whether there are more.
    const found = await run(() => page.execute({ ...values, limit: limit + 1, offset }));
    const rows = found.slice(0, limit);
    const hasMore = found.length > limit;
    const last = rows.at(-1);
    const next = hasMore && last ? { date: String(last[dateKey]), id: Number(last.id) } : undefined;
    // A page that has shown the last match tells how many there are; only otherwise they have to be counted.
    const isEndSeen = !hasMore && !after && (offset === 0 || rows.length > 0);
    if (isEndSeen) return { rows, total: offset + rows.length, hasMore, next };
    const counting = statementsFor({ ...given, after: undefined });
    const [counted] = await run(() => counting.count.execute(values));
    return { rows, total: counted?.total ?? 0, hasMore, next };
  };
}

type Statements = ReturnType<typeof prepareListing>;

function prepareListing(
  queries: Queries,
  entity: EntityName,
  conditions: Record<string, SQL>,
  present: readonly string[],
) {
  const { table, date, columns } = entities[entity];
  const matches = and(...present.map((name) => conditions[name]));
  const name = `${entity}_${present.join("_")}`;
  return {
    page: queries
      .select(columns)
      .from(table)
      .where(matches)
      .orderBy(desc(date), desc(table.id))
      .limit(sql.placeholder("limit"))
      .offset(sql.placeholder("offset"))
      .prepare(`list_${name}`),
    count: queries.select({ total: count() }).from(table).where(matches).prepare(`count_${name}`),
  };
}
