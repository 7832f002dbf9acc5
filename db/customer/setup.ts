import type { Transaction } from "../database.ts";
import type { DatabaseSetup, Optional } from "../migrate.ts";
import create from "./migrations/0000_create.sql" with { type: "text" };
import sampleRows from "./seed.psv" with { type: "text" };

/** The columns that searches look into, with the expression that they compare. */
const searched = {
  company_name: "upper(company_name)",
  contact_name: "upper(contact_name)",
  contact_email: "upper(contact_email)",
  phone: "phone",
};

/** Brings the customer database up to date. */
export function customerSetup(options: { seed: boolean }): DatabaseSetup {
  return {
    migrations: { "0000_create": create },
    optional: [
      { name: "pg_trgm", statement: "create extension if not exists pg_trgm" },
      ...Object.entries(searched).map(trigramIndex),
    ],
    seed: options.seed ? loadSampleRows : undefined,
    seededTables: ["customer"],
  };
}

/**
 * A substring search reads a trigram index where it would otherwise read the whole table. Without fastupdate, because
 * every search would read the list of new entries besides, and the planner then prefers the table.
 */
function trigramIndex([column, expression]: [string, string]): Optional {
  const name = `idx_${column}_trigram`;
  return {
    name,
    statement: `create index if not exists ${name} on customer using gin (${expression} gin_trgm_ops)
      with (fastupdate = off)`,
  };
}

/** One customer a line, fields separated by `|`, `-` for NULL; the first line names the columns. */
async function loadSampleRows(transaction: Transaction): Promise<void> {
  const [header = "", ...lines] = sampleRows.trimEnd().split("\n");
  const columns = header.split("|");
  const rows = lines.map((line) => {
    const fields = line.split("|").map((field) => (field === "-" ? null : field));
    const row: Record<string, string | null> = Object.fromEntries(
      columns.map((column, index) => [column, fields[index] ?? null]),
    );
    return { ...row, contact_email: emailOf(row.contact_name ?? "") };
  });
  const loadedAt = new Date().toISOString().slice(0, -1);
  const stamped = rows.map((row) => ({ ...row, created_at: loadedAt, updated_at: loadedAt }));
  await transaction`insert into customer ${transaction(stamped)}`;
}

/** Sample customers have their own name as address, accents kept. */
function emailOf(contactName: string): string {
  return `${contactName.toLowerCase().replaceAll(" ", "")}@example.com`;
}
