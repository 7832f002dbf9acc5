import { expect, test } from "bun:test";
import { type SQL, sql } from "drizzle-orm";
import { readDatabaseAddress } from "../../db/address.ts";
import { customerSetup } from "../../db/customer/setup.ts";
import { type Database, openDatabase } from "../../db/database.ts";
import { financeSetup } from "../../db/finance/setup.ts";
import { type DatabaseSetup, migrate } from "../../db/migrate.ts";
import { createTestDatabase } from "../../tests/postgres.ts";
import { createLogger } from "../core/log.ts";
import { createCustomerStore } from "./customer/store.ts";
import { createReader } from "./finance/reader.ts";

// PostgreSQL's own account of the very statements that the services have prepared: one connection, so that they can be
// seen, and some thousands of rows, so that the choice of a plan means something.

async function withFilled(
  setup: DatabaseSetup,
  rows: SQL,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const testDatabase = await createTestDatabase();
  const address = readDatabaseAddress(testDatabase.url);
  await migrate(address, setup, createLogger("test", "silent"));
  const database = openDatabase(address, { poolSize: 1 });
  try {
    await rowsOf(database, rows);
    await rowsOf(database, sql`analyze`);
    await work(database);
  } finally {
    await database.close();
    await testDatabase.drop();
  }
}

const rowsOf = ({ queries, run }: Database, query: SQL): Promise<Record<string, string>[]> =>
  run(() => queries.execute(query));

/** The plan of the prepared statement whose text holds `part`, once for these values and once for any. */
async function plansOf(database: Database, part: string, values: string): Promise<string[]> {
  const [prepared] = await rowsOf(
    database,
    sql`select name from pg_prepared_statements where position(${part} in statement) > 0
      and statement not like '%pg_prepared%'`,
  );
  const plans: string[] = [];
  for (const mode of ["force_custom_plan", "force_generic_plan"]) {
    await rowsOf(database, sql.raw(`set plan_cache_mode = ${mode}`));
    const lines = await rowsOf(
      database,
      sql.raw(`explain (costs off) execute "${prepared?.name}" (${values})`),
    );
    plans.push(lines.map((line) => line["QUERY PLAN"]).join("\n"));
  }
  await rowsOf(database, sql`reset plan_cache_mode`);
  return plans;
}

test("searches for a part of a text read the trigram indexes", async () => {
  const rows = sql`insert into customer select lpad(to_hex(n), 5, '0'), md5(n::text),
    left(md5('name' || n), 30), null, null, null, null, null, null, left(md5('phone' || n), 24), null,
    md5('mail' || n) || '@example.com', now(), now() from generate_series(1, 5000) n`;
  await withFilled(customerSetup({ seed: true }), rows, async (database) => {
    const store = createCustomerStore(database);
    for (const [name, column, condition] of [
      ["companyName", "company_name", 'where upper("customer"."company_name")'],
      ["contactName", "contact_name", 'where upper("customer"."contact_name")'],
      ["contactEmail", "contact_email", 'where upper("customer"."contact_email")'],
      ["phone", "phone", 'where "customer"."phone"'],
    ] as const) {
      await store.search({ [name]: "wilson" });
      for (const plan of await plansOf(database, condition, "'%wilson%', 1000, 0")) {
        expect(plan).toContain(`Bitmap Index Scan on idx_${column}_trigram`);
      }
    }
  });
}, 30_000);

test("even searches of the sample rows do, once the plan for any value is cheaper than planning", async () => {
  await withFilled(customerSetup({ seed: true }), sql`select 1`, async (database) => {
    await createCustomerStore(database).search({ contactName: "wilson" });
    const condition = 'where upper("customer"."contact_name")';
    const [, generic] = await plansOf(database, condition, "'%wilson%', 1000, 0");
    expect(generic).toContain("Bitmap Index Scan on idx_contact_name_trigram");
  });
}, 30_000);

test("a customer is found by the primary key even while there are only the sample rows", async () => {
  // With the default of random_page_cost, three pages are read instead: a fifth more time.
  await withFilled(customerSetup({ seed: true }), sql`select 1`, async (database) => {
    await createCustomerStore(database).find("AROUT");
    for (const plan of await plansOf(database, 'where "customer"."customer_id"', "'AROUT'")) {
      expect(plan).toStartWith("Index Scan using customer_pkey on customer\n");
    }
  });
}, 30_000);

test.each([
  ["Order", "orders", "order_date"],
  ["Invoice", "invoices", "invoice_date"],
] as const)(
  "the history of the kind %s is read from its index in order",
  async (entity, table, date) => {
    const number = entity.toLowerCase();
    const amount = entity === "Order" ? "total_amount" : "amount";
    const owner = entity === "Order" ? sql`` : sql`order_id, `;
    const rows = sql`insert into ${sql.raw(table)} (${sql.raw(`${number}_number`)}, ${owner}customer_id,
      ${sql.raw(amount)}, status, ${sql.raw(date)}) select 'N-' || n, ${entity === "Order" ? sql`` : sql`1, `}
      'C' || n % 100, 1, 'REFUNDED', timestamp '2024-01-01' + n * interval '1 hour' from generate_series(1, 5000) n`;
    await withFilled(financeSetup({ seed: true }), rows, async (database) => {
      const page = { startDate: null, endDate: null, limit: 10, offset: 0 };
      await createReader(database, entity).list({ customerId: "C7", ...page });
      for (const plan of await plansOf(database, `from "${table}"`, "'C7', 10, 0")) {
        expect(plan).toContain(`Index Scan using idx_${table}_history`);
        expect(plan).not.toContain("Sort");
      }
    });
  },
  30_000,
);
