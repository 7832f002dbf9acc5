import { clean } from "../clean.ts";
import { checkCollectionName, noSuchCollection } from "../collectionNames.ts";
import type { Collection, StoreStats } from "../port.ts";
import type { Run } from "./connection.ts";
import { readModel } from "./models.ts";
import { isStandby, schemaVersion } from "./schema.ts";
import { dropGeneration, findGeneration } from "./vectors.ts";

/** Every collection with what it holds. */
export function listCollections(run: Run): Promise<Collection[]> {
  return run<Collection>(
    `select name, title, (select count(*)::int from documents d where d.collection_id = n.id) as documents,
       (select count(*)::int from chunks c where c.collection_id = n.id) as chunks
     from collections n order by name collate "C"`,
  );
}

/** A collection's number by its name. */
export async function collectionId(run: Run, name: string): Promise<number> {
  const [row] = await run<{ id: number }>("select id from collections where name = $1", [
    clean(name),
  ]);
  if (row) return row.id;
  throw noSuchCollection(name);
}

/** Creates a collection unless it is there. */
export async function ensureCollection(run: Run, name: string, title: string): Promise<void> {
  checkCollectionName(name);
  await run("insert into collections (name, title) values ($1, $2) on conflict do nothing", [
    name,
    clean(title),
  ]);
}

/** Removes a collection with all that it holds inside the caller's transaction. */
export async function deleteCollection(run: Run, name: string): Promise<boolean> {
  const [row] = await run<{ id: number }>("select id from collections where name = $1 for update", [
    clean(name),
  ]);
  if (!row) return false;
  for (const state of ["live", "reembedding"] as const) {
    const generation = await findGeneration(run, row.id, state);
    if (generation) await dropGeneration(run, generation.id);
  }
  await run("delete from collections where id = $1", [row.id]);
  return true;
}

/** Every source of a collection with its hash. */
export async function listSources(run: Run, collection: number): Promise<Map<string, string>> {
  const rows = await run<{ source_id: string; content_hash: string }>(
    "select source_id, content_hash from documents where collection_id = $1",
    [collection],
  );
  return new Map(rows.map((row) => [row.source_id, row.content_hash]));
}

/** Texts spread evenly over all collections. */
export async function sampleTexts(run: Run, limit: number): Promise<string[]> {
  const rows = await run<{ text: string }>(
    `select text from (select text, id, row_number() over (order by id) as place, count(*) over () as total from chunks) t
     where place % greatest(1, ceil(total::float8 / $1::float8)::int) = 0 order by id limit $1::int`,
    [limit],
  );
  return rows.map(({ text }) => text);
}

/** Where a synchronisation has come to. */
export async function readCursor(run: Run, name: string): Promise<string | undefined> {
  const [row] = await run<{ value: string }>("select value from cursors where name = $1", [name]);
  return row?.value;
}

/** Saves where a synchronisation has come to inside the caller's transaction. */
export async function saveCursor(run: Run, name: string, value: string): Promise<void> {
  await run(
    "insert into cursors (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
    [name, value],
  );
}

/** What the index holds. */
export async function readStats(run: Run): Promise<StoreStats> {
  const { data: _, ...model } = (await readModel(run)) ?? { data: undefined };
  const missing = await run<{ name: string; n: number }>(
    `select n.name, count(c.id)::int as n from collections n
     left join chunks c on c.collection_id = n.id and c.has_vector = 0 group by n.name`,
  );
  const without = new Map(missing.map(({ name, n }) => [name, n]));
  const collections = await listCollections(run);
  const [size] = await run<{ bytes: number }>(
    "select pg_database_size(current_database())::float8 as bytes",
  );
  return {
    engine: "postgres",
    schemaVersion,
    isReadOnly: await isStandby(run),
    sizeBytes: size?.bytes ?? 0,
    model: "id" in model ? model : null,
    collections: collections.map((collection) => ({
      ...collection,
      chunksWithoutVector: without.get(collection.name) ?? 0,
      index: "hnsw",
      lists: 0,
    })),
  };
}
