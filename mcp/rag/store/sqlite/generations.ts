import type { Database } from "bun:sqlite";
import { type Centroids, openCentroids } from "../centroids.ts";

/** Vectors that vec0 keeps together: a list's last block is half empty, and a search reads whole blocks. */
const vectorsPerBlock = 128;

/** One vector table of a collection: the live one, or one that is being made to take its place. */
export interface Generation {
  id: number;
  collection_id: number;
  model_id: string;
  dimensions: number;
  /** 0 when all vectors are in one list and every search is exact. */
  lists: number;
  state: "live" | "training" | "reembedding";
  /** How many vectors there were when it was trained. */
  trained_rows: number;
  /** Chunks up to this id have been copied. */
  copied_to: number;
  /** Later chunks were written to both generations by those who added them. */
  copy_until: number;
}

const columns = `id, collection_id, model_id, dimensions, lists, state, trained_rows, copied_to, copy_until`;

/** Centroids by generation: they never change, and reading them takes longer than a search. */
const opened = new WeakMap<Database, Map<number, Centroids>>();

/** The generation of a collection in one state. */
export function findGeneration(
  db: Database,
  collectionId: number,
  state: Generation["state"],
): Generation | undefined {
  return (
    db
      .query<Generation, [number, string]>(
        `select ${columns} from generations where collection_id = ? and state = ?`,
      )
      .get(collectionId, state) ?? undefined
  );
}

/** Makes a generation and its table inside the caller's transaction. */
export function createGeneration(
  db: Database,
  generation: Omit<Generation, "id" | "copied_to">,
  centroids: Float32Array | null,
): Generation {
  const { lastInsertRowid } = db
    .query(
      `insert into generations (collection_id, model_id, dimensions, lists, state, trained_rows, copied_to, copy_until,
         centroids) values (?, ?, ?, ?, ?, ?, 0, ?, ?)`,
    )
    .run(
      generation.collection_id,
      generation.model_id,
      generation.dimensions,
      generation.lists,
      generation.state,
      generation.trained_rows,
      generation.copy_until,
      centroids ? bytesOf(centroids) : null,
    );
  const id = Number(lastInsertRowid);
  db.run(
    `create virtual table vectors_${id} using vec0(
       list integer partition key, embedding float[${generation.dimensions}], chunk_size=${vectorsPerBlock})`,
  );
  indexBlocks(db, id);
  return { ...generation, id, copied_to: 0 };
}

/**
 * Lets vec0 find the blocks of a list without reading the heads of all blocks, which took a third of a search of 100,000
 * and more of a larger one. The table is vec0's own; the index goes with it.
 */
export function indexBlocks(db: Database, id: number): void {
  db.run(`create index if not exists vectors_${id}_by_list on vectors_${id}_chunks (partition00)`);
}

/** Removes a generation and its table inside the caller's transaction. */
export function dropGeneration(db: Database, id: number): void {
  db.run(`drop table vectors_${id}`);
  db.query("delete from generations where id = ?").run(id);
  opened.get(db)?.delete(id);
}

/** Puts a finished generation in the place of the live one inside the caller's transaction. */
export function makeLive(db: Database, generation: Generation): void {
  const live = findGeneration(db, generation.collection_id, "live");
  if (live) dropGeneration(db, live.id);
  db.query("update generations set state = 'live' where id = ?").run(generation.id);
}

/** The centroids of a generation that has lists. */
export function centroidsOf(db: Database, generation: Generation): Centroids | undefined {
  if (generation.lists === 0) return undefined;
  const known = opened.get(db) ?? new Map<number, Centroids>();
  opened.set(db, known);
  const found = known.get(generation.id) ?? readCentroids(db, generation);
  known.set(generation.id, found);
  return found;
}

function readCentroids(db: Database, generation: Generation): Centroids {
  const row = db
    .query<{ centroids: Uint8Array }, [number]>("select centroids from generations where id = ?")
    .get(generation.id);
  return openCentroids(floatsOf(row?.centroids ?? new Uint8Array()), generation.dimensions);
}

/** A vector as SQLite keeps it. */
export function bytesOf(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** The opposite of `bytesOf`; copied, because a blob may begin at any address. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}
