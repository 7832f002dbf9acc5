import type { Transaction } from "../database.ts";
import type { DatabaseSetup } from "../migrate.ts";
import create from "./migrations/0000_create.sql" with { type: "text" };
import adopt from "./migrations/0001_adopt.sql" with { type: "text" };
import sampleRows from "./seed.json";

/** Brings the finance database up to date. */
export function financeSetup(options: { seed: boolean }): DatabaseSetup {
  return {
    migrations: { "0000_create": create, "0001_adopt": adopt },
    optional: [],
    seed: options.seed ? loadSampleRows : undefined,
    // Parents first: disputes, invoices and receipts refer to orders.
    seededTables: ["orders", "invoices", "disputes", "receipts"],
  };
}

async function loadSampleRows(transaction: Transaction): Promise<void> {
  for (const [table, rows] of Object.entries(sampleRows)) {
    await transaction`insert into ${transaction(table)} ${transaction(rows.map(toColumns))}`;
    // The rows bring their ids along, so the sequence has to be moved past them.
    await transaction`select setval(pg_get_serial_sequence(${table}, 'id'), ${rows.length})`;
  }
}

/** Columns are the wire's names in snake case; amounts go in as decimal text. */
function toColumns(row: Record<string, unknown>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value === null ? null : String(value),
    ]),
  );
}
