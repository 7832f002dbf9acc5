import { SQL } from "bun";
import { createFolder } from "./rag.ts";

/** One kind of database that an index may lie in, and a place for the indexes of one test file. */
export interface Engine {
  name: "sqlite" | "postgres";
  /** The location of an index that is not there yet. */
  place(): Promise<string>;
  remove(): Promise<void>;
}

let places = 0;

/**
 * SQLite, and the PostgreSQL of TEST_PGVECTOR_URL (a superuser's address) where it is set: the private one of the other
 * tests has no pgvector.
 */
export function listEngines(): Engine[] {
  const url = process.env.TEST_PGVECTOR_URL;
  return [openSqlite(), ...(url ? [openPostgres(url)] : [])];
}

function openSqlite(): Engine {
  const folder = createFolder();
  return {
    name: "sqlite",
    place: async () => `${folder.path}/engine${++places}.db`,
    remove: async () => folder.remove(),
  };
}

function openPostgres(server: string): Engine {
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
    },
  };
}

async function run(url: string, statement: string): Promise<void> {
  await using sql = new SQL(url, { max: 1 });
  await sql.unsafe(statement);
}
