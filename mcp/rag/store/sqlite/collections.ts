import type { Database } from "bun:sqlite";
import { clean } from "../clean.ts";
import { checkCollectionName, noSuchCollection } from "../collectionNames.ts";
import type { Collection } from "../port.ts";
import { dropGeneration, findGeneration } from "./generations.ts";
import { createCollectionTables, dropCollectionTables } from "./schema.ts";

/** Every collection, by name. */
export function collectionRows(db: Database): { id: number; name: string; title: string }[] {
  return db
    .query<{ id: number; name: string; title: string }, []>(
      "select id, name, title from collections order by name",
    )
    .all();
}

/** A collection's number by its name. */
export function collectionId(db: Database, name: string): number {
  const row = db
    .query<{ id: number }, [string]>("select id from collections where name = ?")
    .get(name);
  if (row) return row.id;
  throw noSuchCollection(name);
}

/** Every collection with what it holds. */
export function listCollections(db: Database): Collection[] {
  return collectionRows(db).map(({ id, name, title }) => ({
    name,
    title,
    documents: countRows(db, "documents", id),
    chunks: countRows(db, "chunks", id),
  }));
}

/** How many rows of a table belong to a collection. */
export function countRows(db: Database, table: "documents" | "chunks", collection: number): number {
  const row = db
    .query<{ n: number }, [number]>(`select count(*) as n from ${table} where collection_id = ?`)
    .get(collection);
  return row?.n ?? 0;
}

/** Creates a collection with its tables inside the caller's transaction. */
export function ensureCollection(db: Database, name: string, title: string): void {
  checkCollectionName(name);
  const { changes, lastInsertRowid } = db
    .query("insert into collections (name, title) values (?, ?) on conflict (name) do nothing")
    .run(name, clean(title));
  if (changes > 0) createCollectionTables(db, Number(lastInsertRowid));
}

/** Removes a collection with all that it holds inside the caller's transaction. */
export function deleteCollection(db: Database, name: string): boolean {
  const row = db
    .query<{ id: number }, [string]>("select id from collections where name = ?")
    .get(name);
  if (!row) return false;
  for (const state of ["live", "reembedding"] as const) {
    const generation = findGeneration(db, row.id, state);
    if (generation) dropGeneration(db, generation.id);
  }
  dropCollectionTables(db, row.id);
  for (const table of ["facets", "chunks", "documents"])
    db.query(`delete from ${table} where collection_id = ?`).run(row.id);
  db.query("delete from collections where id = ?").run(row.id);
  return true;
}

/** Every source of a collection with its hash. */
export function listSources(db: Database, collection: number): Map<string, string> {
  const rows = db
    .query<{ source_id: string; content_hash: string }, [number]>(
      "select source_id, content_hash from documents where collection_id = ?",
    )
    .all(collection);
  return new Map(rows.map((row) => [row.source_id, row.content_hash]));
}
