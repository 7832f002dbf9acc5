import type { Database } from "bun:sqlite";
import { growthBeforeTraining, listCount, sampleSize, trainCentroids } from "../centroids.ts";
import type { WorkOptions } from "../port.ts";
import {
  createGeneration,
  findGeneration,
  floatsOf,
  type Generation,
  makeLive,
} from "./generations.ts";
import { type ChunkVector, insertInto } from "./vectors.ts";

/**
 * Vectors that one transaction copies: other writers wait for about 0.2 s. Sorted by list, many go to each block, and
 * each block is written once.
 */
const rowsPerSlice = 4_000;

/**
 * Trains a collection's inverted file anew when it has outgrown the one it has. Searches use the old one until the new
 * one is whole; what is written meanwhile goes into both. Killed at any point, the next call goes on from there.
 * @returns Whether a new one took over.
 */
export async function trainCollection(
  db: Database,
  collectionId: number,
  options: WorkOptions = {},
): Promise<boolean> {
  const training =
    findGeneration(db, collectionId, "training") ?? (await begin(db, collectionId, options.signal));
  if (!training) return false;
  let isWhole = false;
  while (!isWhole) {
    options.signal?.throwIfAborted();
    isWhole = db.transaction(() => copySlice(db, collectionId)).immediate();
    const { copied_to = 0 } = findGeneration(db, collectionId, "training") ?? {};
    options.onProgress?.(isWhole ? training.copy_until : copied_to, training.copy_until);
    // Other work of this thread gets its turn.
    await Bun.sleep(0);
  }
  return true;
}

/** Trains the centroids outside any transaction, then makes the generation that is filled. */
async function begin(
  db: Database,
  collectionId: number,
  signal: AbortSignal | undefined,
): Promise<Generation | undefined> {
  const live = findGeneration(db, collectionId, "live");
  if (!live) return undefined;
  const rows = countVectors(db, collectionId);
  const isOutgrown = live.lists === 0 || rows > live.trained_rows * growthBeforeTraining;
  const lists = listCount(rows);
  if (!isOutgrown || lists === 0) return undefined;
  const sample = sampleVectors(db, live, { rows, size: sampleSize(lists) });
  const centroids = await trainCentroids(sample, Math.min(lists, sample.length), signal);
  return db
    .transaction(() => {
      // Another process may have begun, or put another generation in place.
      const begun = findGeneration(db, collectionId, "training");
      if (begun || findGeneration(db, collectionId, "live")?.id !== live.id) return begun;
      const { collection_id, model_id, dimensions } = live;
      const copy_until = newestChunk(db);
      const trained_rows = rows;
      return createGeneration(
        db,
        {
          collection_id,
          model_id,
          dimensions,
          trained_rows,
          copy_until,
          lists: centroids.length / dimensions,
          state: "training",
        },
        centroids,
      );
    })
    .immediate();
}

/** Copies the next vectors; with nothing left to copy, puts the generation in place. */
function copySlice(db: Database, collectionId: number): boolean {
  const live = findGeneration(db, collectionId, "live");
  const training = findGeneration(db, collectionId, "training");
  // Another process has finished it.
  if (!live || !training) return true;
  const ids = db
    .query<{ id: number }, [number, number, number]>(
      `select id from chunks where collection_id = ? and id > ? and id <= ? and has_vector = 1 order by id
       limit ${rowsPerSlice}`,
    )
    .all(collectionId, training.copied_to, training.copy_until)
    .map(({ id }) => id);
  const last = ids.at(-1);
  if (last === undefined) {
    makeLive(db, training);
    return true;
  }
  insertInto(db, training, readVectors(db, live.id, ids));
  db.query("update generations set copied_to = ? where id = ?").run(last, training.id);
  return false;
}

function readVectors(db: Database, generation: number, ids: readonly number[]): ChunkVector[] {
  const one = db.query<{ embedding: Uint8Array }, [number]>(
    `select embedding from vectors_${generation} where rowid = ?`,
  );
  return ids.flatMap((id) => {
    const row = one.get(id);
    return row ? [{ id, vector: floatsOf(row.embedding) }] : [];
  });
}

/** Vectors spread evenly over the collection. */
function sampleVectors(
  db: Database,
  live: Generation,
  { rows, size }: { rows: number; size: number },
): Float32Array[] {
  const step = Math.max(1, Math.floor(rows / size));
  const ids = db
    .query<{ id: number }, [number, number]>(
      `select id from (
         select id, row_number() over (order by id) as place from chunks where collection_id = ? and has_vector = 1
       ) where place % ? = 0`,
    )
    .all(live.collection_id, step)
    .map(({ id }) => id);
  return readVectors(db, live.id, ids.slice(0, size)).map(({ vector }) => vector);
}

/** How many chunks of a collection have a vector. */
export function countVectors(db: Database, collectionId: number): number {
  const row = db
    .query<{ rows: number }, [number]>(
      "select count(*) as rows from chunks where collection_id = ? and has_vector = 1",
    )
    .get(collectionId);
  return row?.rows ?? 0;
}

function newestChunk(db: Database): number {
  return db.query<{ id: number | null }, []>("select max(id) as id from chunks").get()?.id ?? 0;
}
