import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQL } from "bun";
import { type PrivatePostgres, startPrivatePostgres } from "../db/private.ts";

/** A database that one test file owns. */
export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

let shared: Promise<string> | undefined;

/**
 * Creates an empty database on the server that TEST_DATABASE_URL names (a superuser's address), else on a private
 * PostgreSQL 18 that lives as long as the test run.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  shared ??= serverUrl();
  const server = await shared;
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  await run(server, (sql) => sql`create database ${sql(name)} template template0`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => run(server, (sql) => sql`drop database if exists ${sql(name)} with (force)`),
  };
}

/** A PostgreSQL of the caller's own, for tests that kill or stop it. */
export async function createTestServer(): Promise<
  PrivatePostgres & { folder: string; remove(): Promise<void> }
> {
  const folder = mkdtempSync(join(tmpdir(), "berth-postgres-"));
  const server = await startPrivatePostgres({ folder });
  const remove = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...server, folder, remove };
}

async function serverUrl(): Promise<string> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return given;
  const server = await createTestServer();
  // setpriv's parent-death signal ends the server with this process; the folder goes here.
  process.once("exit", () => rmSync(server.folder, { recursive: true, force: true }));
  return server.urlOf("postgres");
}

async function run(url: string, query: (sql: SQL) => Promise<unknown>): Promise<void> {
  const sql = new SQL(url, { max: 1 });
  try {
    await query(sql);
  } finally {
    await sql.close();
  }
}
