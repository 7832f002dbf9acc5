import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { createLogger } from "../src/core/log.ts";
import { createTestDatabase, type TestDatabase } from "../tests/postgres.ts";
import { readDatabaseAddress } from "./address.ts";
import { customerSetup } from "./customer/setup.ts";
import { financeSetup } from "./finance/setup.ts";
import { migrate } from "./migrate.ts";

const log = createLogger("test", "silent");
let database: TestDatabase;
let sql: SQL;

beforeEach(async () => {
  database = await createTestDatabase();
  sql = new SQL(database.url, { max: 1 });
});

afterEach(async () => {
  await sql.close();
  await database.drop();
});

const migrateFinance = (seed = true) =>
  migrate(readDatabaseAddress(database.url), financeSetup({ seed }), log);
const migrateCustomer = (seed = true) =>
  migrate(readDatabaseAddress(database.url), customerSetup({ seed }), log);

const countRows = async (table: string): Promise<number> => {
  const [row] = await sql`select count(*)::int as rows from ${sql(table)}`;
  return row.rows;
};
const financeCounts = async () =>
  Promise.all(["orders", "invoices", "disputes", "receipts"].map(countRows));
const indexNames = async (table: string): Promise<string[]> => {
  const rows = await sql`select indexname from pg_indexes where tablename = ${table} order by 1`;
  return rows.map((row: { indexname: string }) => row.indexname);
};

describe("the finance database", () => {
  test("gets its tables, rows and sequences on the first start and is left alone on the next", async () => {
    await migrateFinance();
    expect(await financeCounts()).toEqual([8, 8, 3, 8]);
    await sql`update orders set status = 'SHIPPED' where id = 1`;
    await sql`delete from receipts`;
    await migrateFinance();
    expect(await financeCounts()).toEqual([8, 8, 3, 0]);
    const [order] = await sql`insert into orders
      (order_number, customer_id, total_amount, status, order_date)
      values ('ORD-009', 'AROUT', 1, 'PENDING', now()) returning id::int`;
    expect(order).toEqual({ id: 9 });
  });

  test("stays empty when seeding is off, and is filled by a later start that has it on", async () => {
    await migrateFinance(false);
    expect(await financeCounts()).toEqual([0, 0, 0, 0]);
    await migrateFinance();
    expect(await financeCounts()).toEqual([8, 8, 3, 8]);
  });

  test("is migrated once when many replicas start together", async () => {
    await Promise.all(Array.from({ length: 5 }, () => migrateFinance()));
    expect(await financeCounts()).toEqual([8, 8, 3, 8]);
  });

  test("has the documented indexes and constraints", async () => {
    await migrateFinance();
    expect(await indexNames("orders")).toEqual([
      "idx_orders_customer_id",
      "idx_orders_history",
      "idx_orders_order_date",
      "idx_orders_status",
      "orders_order_number_unique",
      "orders_pkey",
    ]);
    expect(await indexNames("disputes")).toEqual([
      "disputes_dispute_number_unique",
      "disputes_one_active_duplicate_charge",
      "disputes_pkey",
      "idx_disputes_customer_id",
      "idx_disputes_dispute_date",
      "idx_disputes_order_id",
      "idx_disputes_status",
      "idx_disputes_type",
    ]);
    const checks = await sql`select conname, convalidated from pg_constraint
      where contype = 'c' and conname like '%known' order by 1`;
    expect(
      checks.map((check: { conname: string; convalidated: boolean }) => ({ ...check })),
    ).toEqual(
      [
        "disputes_status",
        "disputes_type",
        "invoices_status",
        "orders_status",
        "receipts_status",
      ].map((name) => ({ conname: `${name}_known`, convalidated: false })),
    );
    const keys = await sql`select confdeltype from pg_constraint where contype = 'f'`;
    expect(keys.map((key: { confdeltype: string }) => key.confdeltype)).toEqual(["a", "a", "a"]);
  });

  test("adopts tables that another program made and filled, rows that break a rule included", async () => {
    await sql.unsafe(`
      create table orders (id bigint primary key, order_number varchar(255) unique not null,
        customer_id varchar(255) not null, total_amount numeric(10,2) not null,
        status varchar(50) not null, order_date timestamp not null,
        created_at timestamp not null, updated_at timestamp);
      create table receipts (id bigserial primary key, receipt_number varchar(255) unique not null,
        order_id bigint not null, customer_id varchar(255) not null, status varchar(50) not null,
        file_path varchar(500), file_name varchar(255), file_size bigint, mime_type varchar(100),
        receipt_date timestamp not null, created_at timestamp not null, updated_at timestamp);
      insert into orders values (41, 'O-41', 'AROUT', 1, 'ODD', now(), now(), null);
      insert into receipts (receipt_number, order_id, customer_id, status, receipt_date, created_at)
        values ('R-1', 41, 'AROUT', 'LOST', now(), now()), ('R-2', 41, 'AROUT', 'LOST', now(), now()),
               ('R-3', 999, 'AROUT', 'FOUND', now(), now());`);
    await migrateFinance();
    expect(await financeCounts()).toEqual([1, 0, 0, 3]);
    const [order] = await sql`insert into orders
      (order_number, customer_id, total_amount, status, order_date)
      values ('O-42', 'AROUT', 1, 'PENDING', now()) returning id::int, created_at is not null as dated`;
    expect({ ...order }).toEqual({ id: 42, dated: true });
    expect(await indexNames("receipts")).not.toContain("receipts_one_lost");
    expect(await indexNames("disputes")).toContain("disputes_one_active_duplicate_charge");
    const odd = sql`insert into orders (order_number, customer_id, total_amount, status, order_date)
      values ('O-43', 'AROUT', 1, 'ODD', now())`;
    expect(
      await odd.then(
        () => "stored",
        (error) => error.constraint,
      ),
    ).toBe("orders_status_known");
    const orphan = sql`insert into receipts
      (receipt_number, order_id, customer_id, status, receipt_date)
      values ('R-4', 998, 'AROUT', 'FOUND', now())`;
    expect(
      await orphan.then(
        () => "stored",
        (error) => error.errno,
      ),
    ).toBe("23503");
  });
});

describe("the customer database", () => {
  test("gets 91 customers with generated addresses", async () => {
    await migrateCustomer();
    await migrateCustomer();
    const [counts] = await sql`select count(*)::int as rows, count(region)::int as regions,
      count(fax)::int as faxes, count(*) filter (where created_at = updated_at)::int as fresh
      from customer`;
    expect({ ...counts }).toEqual({ rows: 91, regions: 31, faxes: 69, fresh: 91 });
    const [sample] = await sql`select contact_email, postal_code from customer
      where customer_id = 'HUNGO'`;
    expect({ ...sample }).toEqual({
      contact_email: "patriciamckenna@example.com",
      postal_code: null,
    });
  });

  test("has an index for each search, and the trigram ones where the extension is there", async () => {
    await migrateCustomer();
    expect(await indexNames("customer")).toEqual([
      "customer_pkey",
      "idx_company_name",
      "idx_company_name_trigram",
      "idx_contact_email",
      "idx_contact_email_trigram",
      "idx_contact_name",
      "idx_contact_name_trigram",
      "idx_phone",
      "idx_phone_trigram",
    ]);
    const plan =
      await sql.unsafe(`set enable_seqscan = off; explain select customer_id from customer
      where upper(company_name) like upper('%restaur%') escape '\\'`);
    expect(JSON.stringify(plan)).toContain("idx_company_name_trigram");
  });

  test("is usable by a login that may not create extensions", async () => {
    const role = `plain_${crypto.randomUUID().slice(0, 8)}`;
    await sql.unsafe(`create role ${role} login password 'plain';
      grant create, usage on schema public to ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = "plain";
    await migrate(readDatabaseAddress(url.href), customerSetup({ seed: true }), log);
    expect(await countRows("customer")).toBe(91);
    expect(await indexNames("customer")).not.toContain("idx_phone_trigram");
    await sql.unsafe(`drop owned by ${role}; drop role ${role}`);
  });

  test("lives in the schema that the address names", async () => {
    const url = new URL(database.url);
    url.searchParams.set("currentSchema", "shop");
    await migrate(readDatabaseAddress(url.href), customerSetup({ seed: true }), log);
    const [row] = await sql`select count(*)::int as rows from shop.customer`;
    expect({ ...row }).toEqual({ rows: 91 });
  });
});
