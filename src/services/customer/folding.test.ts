import { expect, test } from "bun:test";
import { SQL } from "bun";
import { readDatabaseAddress } from "../../../db/address.ts";
import { customerSetup } from "../../../db/customer/setup.ts";
import { openDatabase } from "../../../db/database.ts";
import { migrate } from "../../../db/migrate.ts";
import { createTestDatabase } from "../../../tests/postgres.ts";
import { createLogger } from "../../core/log.ts";
import { createCustomerStore } from "./store.ts";

test("a search folds accented letters even in a database of locale C", async () => {
  const neighbour = await createTestDatabase();
  const admin = new SQL(neighbour.url, { max: 1 });
  const name = `plain_${crypto.randomUUID().slice(0, 8)}`;
  await admin.unsafe(
    `create database ${name} template template0 encoding 'UTF8' locale_provider libc locale 'C'`,
  );
  const url = new URL(neighbour.url);
  url.pathname = `/${name}`;
  const address = readDatabaseAddress(url.href);
  await migrate(address, customerSetup({ seed: true }), createLogger("test", "silent"));
  const database = openDatabase(address, { poolSize: 1 });
  const { customers } = await createCustomerStore(database).search({ contactName: "MARTÍN" });
  expect(customers.map(({ customerId }) => customerId)).toEqual(["BOLID"]);
  await database.close();
  await admin.unsafe(`drop database ${name} with (force)`);
  await admin.close();
  await neighbour.drop();
});
