import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sql } from "drizzle-orm";
import { AppError } from "../src/core/fault.ts";
import { killPostgres } from "../tests/kill-postgres.ts";
import { createTestDatabase, createTestServer, type TestDatabase } from "../tests/postgres.ts";
import { startNetwork } from "../tests/swallowing-network.ts";
import { readDatabaseAddress } from "./address.ts";
import { type Database, openDatabase } from "./database.ts";
import { startPrivatePostgres } from "./private.ts";

let testDatabase: TestDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});

afterAll(async () => {
  await testDatabase.drop();
});

const open = (options: Partial<Parameters<typeof openDatabase>[1]> = {}, url = testDatabase.url) =>
  openDatabase(readDatabaseAddress(url), { poolSize: 2, answerLimitMs: 400, ...options });

/** What a query comes to: its value, or the fault that it failed with. */
async function outcome(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "answered",
    (error: unknown) => (error instanceof AppError ? error.fault : String(error)),
  );
}

const sleep = (database: Database, seconds: number) =>
  database.run(() => database.queries.execute(sql`select pg_sleep(${seconds})`));

async function untilAnswered(database: Database): Promise<void> {
  while ((await outcome(sleep(database, 0))) !== "answered") await Bun.sleep(20);
}

describe("openDatabase", () => {
  test("queries above the bound of the queue are refused at once", async () => {
    const database = open({ queueBound: 3 });
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => outcome(sleep(database, 0.05))),
    );
    expect(outcomes).toEqual(["answered", "answered", "answered", "unavailable", "unavailable"]);
    await database.close();
  });

  test("a query that finds no free connection in time is unavailable, and the pool lives on", async () => {
    const database = open({ poolSize: 1 });
    const startedAt = performance.now();
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => outcome(sleep(database, 0.25))),
    );
    expect(outcomes.slice(1)).toContain("unavailable");
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await untilAnswered(database);
    await database.close();
  });

  test("the server cancels a statement that works too long", async () => {
    const database = open();
    expect(await outcome(sleep(database, 30))).toBe("unavailable");
    expect(await outcome(sleep(database, 0))).toBe("answered");
    await database.close();
  });

  test("a transaction that paused for too long, as a stopped process does, is unavailable", async () => {
    const [database, observer] = [open({ answerLimitMs: 5_000 }), open()];
    const paused = database.transaction(async (queries) => {
      await queries.execute(sql`set local idle_in_transaction_session_timeout = 1`);
      const [own] = await queries.execute(sql`select pg_backend_pid() as pid`);
      const alive = sql`select 1 from pg_stat_activity where pid = ${own?.pid}`;
      while ((await observer.run(() => observer.queries.execute(alive))).length > 0);
      await queries.execute(sql`select 1`);
    });
    expect(await outcome(paused)).toBe("unavailable");
    await Promise.all([database.close(), observer.close()]);
  });

  test("a refused statement is no fault of the database", async () => {
    const database = open();
    const refused = database.run(() => database.queries.execute(sql`select 1 / 0`));
    expect(await outcome(refused)).not.toBe("unavailable");
    await database.close();
  });

  test("connections that a network swallowed are replaced by fresh ones", async () => {
    const address = readDatabaseAddress(testDatabase.url);
    const { host: hostname, port } = address;
    const network = startNetwork({ hostname: "127.0.0.1", port: 0 }, { hostname, port });
    const url = new URL(testDatabase.url);
    url.host = `127.0.0.1:${network.port}`;
    const database = open({}, url.href);
    expect(await outcome(sleep(database, 0))).toBe("answered");
    expect(await database.isReady()).toBe(true);
    network.swallow();
    expect(await outcome(sleep(database, 0))).toBe("unavailable");
    expect(await outcome(sleep(database, 0))).toBe("answered");
    await database.close();
    network.stop();
  });

  test("a transaction that a network cut off keeps no lock", async () => {
    const { host: hostname, port } = readDatabaseAddress(testDatabase.url);
    const network = startNetwork({ hostname: "127.0.0.1", port: 0 }, { hostname, port });
    const url = new URL(testDatabase.url);
    url.host = `127.0.0.1:${network.port}`;
    const [cutOff, other] = [open({}, url.href), open()];
    const lock = sql`select pg_advisory_xact_lock(1)`;
    const work = cutOff.transaction(async (queries) => {
      await queries.execute(lock);
      network.swallow();
      await queries.execute(sql`select 1`);
    });
    expect(await outcome(work)).toBe("unavailable");
    while ((await outcome(other.run(() => other.queries.execute(lock)))) !== "answered") {
      await Bun.sleep(20);
    }
    await Promise.all([cutOff.close(), other.close()]);
    network.stop();
  });

  test("a server that is killed and started again is found again", async () => {
    const server = await createTestServer();
    const url = server.urlOf("postgres");
    const database = open({}, url);
    expect(await outcome(sleep(database, 0))).toBe("answered");
    const inFlight = outcome(sleep(database, 0.2));
    await killPostgres(server.pid);
    expect(await inFlight).toBe("unavailable");
    expect(await outcome(sleep(database, 0))).toBe("unavailable");
    expect(await database.isReady()).toBe(false);
    const again = await startPrivatePostgres({ folder: server.folder, port: server.port });
    await untilAnswered(database);
    expect(await database.isReady()).toBe(true);
    await database.close();
    await again.stop();
    await server.remove();
  }, 30_000);
});
