import { expect, test } from "bun:test";
import { SQL } from "bun";
import { createFolder } from "./rag.ts";
import { findPgvector, startPgvector } from "./rag-pgvector.ts";

/** One kind of database that an index may lie in, and a place for the indexes of one test file. */
export interface Engine {
  name: "sqlite" | "postgres";
  /** The location of an index that is not there yet. */
  place(): Promise<string>;
  remove(): Promise<void>;
}

let places = 0;

/**
 * SQLite, and a PostgreSQL with pgvector: that of TEST_PGVECTOR_URL (a superuser's address), or a private one. Where there
 * is none, its tests count as one that was skipped.
 */
export async function listEngines(): Promise<Engine[]> {
  const postgres = await openPostgres();
  const reason = postgres ? "" : ": it needs Python 3.12 or 3.13, or TEST_PGVECTOR_URL";
  test.skipIf(!postgres)(`a PostgreSQL with pgvector is there${reason}`, () => {
    expect(postgres?.name).toBe("postgres");
  });
  return [openSqlite(), ...(postgres ? [postgres] : [])];
}

function openSqlite(): Engine {
  const folder = createFolder();
  return {
    name: "sqlite",
    place: async () => `${folder.path}/engine${++places}.db`,
    remove: async () => folder.remove(),
  };
}

async function openPostgres(): Promise<Engine | undefined> {
  const given = process.env.TEST_PGVECTOR_URL;
  const binaries = given ? undefined : await findPgvector();
  const own = binaries === undefined ? undefined : await startPgvector(binaries);
  const server = given || own?.url;
  if (!server) return undefined;
  const made: string[] = [];
  return {
    name: "postgres",
    place: async () => {
      const name = `rag_${crypto.randomUUID().replaceAll("-", "")}`;
      await run(server, `create database ${name} template template0`);
      made.push(name);
      const url = new URL(server);
      url.pathname = `/${name}`;
      return url.href;
    },
    remove: async () => {
      for (const name of made) await run(server, `drop database ${name} with (force)`);
      await own?.stop();
    },
  };
}

async function run(url: string, statement: string): Promise<void> {
  await using sql = new SQL(url, { max: 1 });
  await sql.unsafe(statement);
}
