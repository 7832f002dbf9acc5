import { and, count, desc, eq, gte, lte, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../db/database.ts";
import type { Cursor } from "./cursor.ts";
import { type EntityName, entities, namedColumns } from "./entities.ts";

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

export function createListing(database: Database, entity: EntityName): Listing {
  const { run } = database;
  const conditions = conditionsOf(entity);
  const { dateKey } = entities[entity];
  const names = Object.keys(conditions);
  const statements = new Map<string, Statements>();

  function statementsFor(values: Record<string, unknown>): Statements {
    const present = names.filter((name) => values[name] !== undefined && values[name] !== null);
    const key = present.join();
    const prepared = statements.get(key) ?? prepareListing(database, entity, conditions, present);
    statements.set(key, prepared);
    return prepared;
  }

  return async (request) => {
    const { limit, offset, after } = request;
    const values = valuesOf(request);
    const { page } = statementsFor(values);
    const found = await run(() => page(values));
    const hasMore = found.length > limit;
    const rows = hasMore ? found.slice(0, limit) : found;
    const last = rows.at(-1);
    const next = hasMore && last ? { date: String(last[dateKey]), id: Number(last.id) } : undefined;
    // A page that has shown the last match tells how many there are; only otherwise they have to be counted.
    const isEndSeen = !hasMore && !after && (offset === 0 || rows.length > 0);
    if (isEndSeen) return { rows, total: offset + rows.length, hasMore, next };
    const counting = statementsFor({ ...values, after: undefined });
    const [counted] = await run(() => counting.count.execute(values));
    return { rows, total: counted?.total ?? 0, hasMore, next };
  };
}

/** The values of all placeholders; which of them a statement has depends on which are there. */
function valuesOf({ orderId, after, limit, ...filters }: ListRequest): Record<string, unknown> {
  return {
    ...filters,
    orderId: orderId?.toString(),
    after,
    afterDate: after?.date,
    afterId: after?.id,
    // One row more than asked tells whether there are more.
    limit: limit + 1,
  };
}

type Statements = ReturnType<typeof prepareListing>;

function prepareListing(
  { queries, prepare }: Database,
  entity: EntityName,
  conditions: Record<string, SQL>,
  present: readonly string[],
) {
  const { table, date } = entities[entity];
  const matches = and(...present.map((name) => conditions[name]));
  const page = queries
    .select(namedColumns(entities[entity]))
    .from(table)
    .where(matches)
    .orderBy(desc(date), desc(table.id))
    .limit(sql.placeholder("limit"))
    .offset(sql.placeholder("offset"));
  const counted = queries.select({ total: count() }).from(table).where(matches);
  return {
    page: prepare(page),
    count: counted.prepare(`count_${entity}_${present.join("_")}`),
  };
}
