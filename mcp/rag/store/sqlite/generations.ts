import type { Database } from "bun:sqlite";
import { dropPartitions } from "./partitions.ts";

/**
 * Vectors that vec0 keeps together: an exact search of 20,000 takes as long with blocks of 1,024, and reading one vector
 * takes half as long with these.
 */
const vectorsPerBlock = 128;

/** One vector table of a collection: the live one, or one that is being made to take its place. */
export interface Generation {
  id: number;
  collection_id: number;
  model_id: string;
  dimensions: number;
  state: "live" | "reembedding";
  /** Chunks up to this id have been embedded. */
  copied_to: number;
}

const columns = "id, collection_id, model_id, dimensions, state, copied_to";

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
): Generation {
  const { collection_id, model_id, dimensions, state } = generation;
  const { lastInsertRowid } = db
    .query(
      `insert into generations (collection_id, model_id, dimensions, state, copied_to) values (?, ?, ?, ?, 0)`,
    )
    .run(collection_id, model_id, dimensions, state);
  const id = Number(lastInsertRowid);
  db.run(
    `create virtual table vectors_${id} using vec0(embedding float[${dimensions}], chunk_size=${vectorsPerBlock})`,
  );
  return { ...generation, id, copied_to: 0 };
}

/** Removes a generation and its tables inside the caller's transaction. */
export function dropGeneration(db: Database, id: number): void {
  dropPartitions(db, id);
  db.run(`drop table vectors_${id}`);
  db.query("delete from generations where id = ?").run(id);
}

/** Puts a finished generation in the place of the live one inside the caller's transaction. */
export function makeLive(db: Database, generation: Generation): void {
  const live = findGeneration(db, generation.collection_id, "live");
  if (live) dropGeneration(db, live.id);
  db.query("update generations set state = 'live' where id = ?").run(generation.id);
}
