import { and, asc, count, type SQL, sql } from "drizzle-orm";
import { customer } from "../../../db/customer/schema.ts";
import type { Database, Queries } from "../../../db/database.ts";
import { columns } from "./columns.ts";
import { findFoldingCollation } from "./folding.ts";
import type { Customer } from "./schema.ts";

/** What customers can be searched by. */
export const filterNames = ["companyName", "contactName", "contactEmail", "phone"] as const;
type FilterName = (typeof filterNames)[number];

/** The filters, none of them blank, and the part of the matches that is wanted; without limit, all of them. */
export type SearchRequest = { [Name in FilterName]?: string | undefined } & {
  limit?: number | undefined;
  offset?: number | undefined;
};

/** Finds the customers that match all filters, ordered by id. `total` counts the matches, not the page. */
export type Search = (
  request: SearchRequest,
) => Promise<{ customers: readonly Customer[]; total: number }>;

/** The largest value of LIMIT: all rows. */
const everything = Number.MAX_SAFE_INTEGER;

export function createSearch(database: Database): Search {
  const { queries, run } = database;
  const statements = new Map<string, Statements>();
  let folding: { collation: string | undefined } | undefined;
  return async (request) => {
    // Asked with the first search, because the database may come up after the service.
    folding ??= { collation: await findFoldingCollation(database) };
    const { collation } = folding;
    const names = filterNames.filter((name) => request[name] !== undefined);
    const key = names.join();
    const prepared = statements.get(key) ?? prepareSearch(queries, names, collation);
    statements.set(key, prepared);
    const values = { ...patternsOf(request, names), limit: everything, offset: 0 };
    if (Object.values(values).some((value) => String(value).includes("\0"))) {
      return { customers: [], total: 0 };
    }
    const { limit, offset } = request;
    if (limit === undefined && offset === undefined) {
      const customers = await run(() => prepared.page.execute(values));
      return { customers, total: customers.length };
    }
    const paged = { ...values, limit: limit ?? everything, offset: offset ?? 0 };
    const [customers, [counted]] = await Promise.all([
      run(() => prepared.page.execute(paged)),
      run(() => prepared.count.execute(values)),
    ]);
    return { customers, total: counted?.total ?? 0 };
  };
}

type Statements = ReturnType<typeof prepareSearch>;

/** One pair of statements for each combination of filters, so that each has its own plan. */
function prepareSearch(
  queries: Queries,
  names: readonly FilterName[],
  collation: string | undefined,
) {
  const matches = and(...names.map((name) => matching(name, collation)));
  return {
    page: queries
      .select(columns)
      .from(customer)
      .where(matches)
      .orderBy(asc(customer.customerId))
      .limit(sql.placeholder("limit"))
      .offset(sql.placeholder("offset"))
      .prepare(`customer_search_${names.join("_")}`),
    count: queries
      .select({ total: count() })
      .from(customer)
      .where(matches)
      .prepare(`customer_count_${names.join("_")}`),
  };
}

/** Phones are compared as they are; names without regard to case. The expressions are those of the trigram indexes. */
function matching(name: FilterName, collation: string | undefined): SQL {
  const column = customer[name];
  const pattern = sql.placeholder(name);
  if (name === "phone") return sql`${column} like ${pattern} escape '\\'`;
  const folding = collation === undefined ? sql`` : sql` collate ${sql.identifier(collation)}`;
  return sql`upper(${column}${folding}) like upper(${pattern}${folding}) escape '\\'`;
}

/** `%`, `_` and `\` are literal characters in a search. */
function patternsOf(request: SearchRequest, names: readonly FilterName[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [name, `%${(request[name] ?? "").replace(/[\\%_]/g, "\\$&")}%`]),
  );
}
