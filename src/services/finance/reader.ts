import { eq, sql } from "drizzle-orm";
import type { Database } from "../../../db/database.ts";
import { type EntityName, entities } from "./entities.ts";
import { createListing, type Listing } from "./listing.ts";

/** A row as the wire shows it. */
export type Row = Record<string, unknown>;

/** Reads one kind of rows. */
export interface EntityReader {
  list: Listing;
  /** By the numeric id (`8`) or the number (`ORD-008`). */
  find(idOrNumber: string): Promise<Row | undefined>;
}

/** The largest id that a bigint column holds. */
const largestId = 2n ** 63n - 1n;

export function isPossibleId(id: bigint): boolean {
  return id > 0n && id <= largestId;
}

export function createReader(database: Database, name: EntityName): EntityReader {
  const { queries, run } = database;
  const { table, columns, number } = entities[name];
  const byId = queries
    .select(columns)
    .from(table)
    .where(eq(table.id, sql.placeholder("id")))
    .prepare(`${name}_by_id`);
  const byNumber = queries
    .select(columns)
    .from(table)
    .where(eq(number, sql.placeholder("number")))
    .prepare(`${name}_by_number`);
  return {
    list: createListing(database, name),
    async find(idOrNumber) {
      if (idOrNumber.includes("\0")) return undefined;
      if (!/^\d{1,30}$/.test(idOrNumber)) {
        return (await run(() => byNumber.execute({ number: idOrNumber })))[0];
      }
      const id = BigInt(idOrNumber);
      if (!isPossibleId(id)) return undefined;
      return (await run(() => byId.execute({ id: id.toString() })))[0];
    },
  };
}
