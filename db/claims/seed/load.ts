import { sampleArticles } from "./articles.ts";
import { sampleClaims } from "./claims.ts";
import { sampleContracts } from "./contracts.ts";
import { samplePrecedents } from "./precedents.ts";
import { sampleUsers } from "./users.ts";

/** Rows of one table as column names and values; objects and arrays are values of jsonb columns. */
export interface SampleTable {
  table: string;
  rows: readonly Readonly<Record<string, unknown>>[];
}

/** All sample rows, parents first. */
export function sampleTables(): SampleTable[] {
  return [
    { table: "users", rows: sampleUsers() },
    { table: "user_contracts", rows: sampleContracts() },
    { table: "claims", rows: sampleClaims() },
    ...Object.entries(samplePrecedents()).map(([table, rows]) => ({ table, rows })),
    { table: "knowledge_base", rows: sampleArticles() },
  ];
}

/**
 * The statement that inserts a table's sample rows from one JSON text, its only parameter: the server gives each column
 * its type, and what a row leaves out its default.
 */
export function insertOf({ table, rows }: SampleTable): { text: string; json: string } {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(", ");
  const text = `insert into ${table} (${columns})
    select ${columns} from jsonb_populate_recordset(null::${table}, $1::text::jsonb)`;
  return { text, json: JSON.stringify(rows) };
}
