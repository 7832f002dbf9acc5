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
/** Kept, because a process that nobody holds is collected, and its stdin closed. */
const removers: Bun.Subprocess[] = [];

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
  removeAfterwards(server.folder);
  return server.urlOf("postgres");
}

/**
 * `bun test` tells nobody that it ends. This shell hears it by the end of its stdin, however the run has ended; the
 * server, which a parent-death signal ends, may still write for a moment.
 */
function removeAfterwards(folder: string): void {
  const script = 'read -r _; until rm -rf "$0" 2>/dev/null; do sleep 0.2; done';
  const remover = Bun.spawn(["sh", "-c", script, folder], {
    stdin: "pipe",
    stdout: "ignore",
    stderr: "ignore",
    detached: true,
  });
  remover.unref();
  removers.push(remover);
}

async function run(url: string, query: (sql: SQL) => Promise<unknown>): Promise<void> {
  const sql = new SQL(url, { max: 1 });
  try {
    await query(sql);
  } finally {
    await sql.close();
  }
}
