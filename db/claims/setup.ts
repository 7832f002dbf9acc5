import type { Transaction } from "../database.ts";
import type { DatabaseSetup } from "../migrate.ts";
import create from "./migrations/0000_create.sql" with { type: "text" };
import changes from "./migrations/0001_changes.sql" with { type: "text" };
import epochs from "./migrations/0002_epochs.sql" with { type: "text" };
import { insertOf, sampleTables } from "./seed/load.ts";

/** Brings the claims database up to date. */
export function claimsSetup(options: { seed: boolean }): DatabaseSetup {
  return {
    migrations: { "0000_create": create, "0001_changes": changes, "0002_epochs": epochs },
    optional: [
      { name: "pg_trgm", statement: "create extension if not exists pg_trgm" },
      // Without fastupdate, because every search would read the list of new entries besides.
      {
        name: "idx_claim_number_trigram",
        statement: `create index if not exists idx_claim_number_trigram on claims
          using gin (claim_number gin_trgm_ops) with (fastupdate = off)`,
      },
    ],
    seed: options.seed ? loadSampleRows : undefined,
    seededTables: ["users", "user_contracts", "claims", "knowledge_base"],
  };
}

async function loadSampleRows(transaction: Transaction): Promise<void> {
  for (const table of sampleTables()) {
    const { text, json } = insertOf(table);
    await transaction.unsafe(text, [json]);
  }
}
