import type { Database } from "bun:sqlite";
import { type Centroids, openCentroids } from "../centroids.ts";
import { codeBytes } from "../codes.ts";
import { createRotation, type Rotation } from "../rotation.ts";
import type { Generation } from "./generations.ts";
import { bytesOf, floatsOf } from "./vectorBytes.ts";

/** Codes that vec0 keeps together: a list's last block is half empty, and a search reads whole blocks. */
const codesPerBlock = 128;

/** An inverted file over a generation's vectors: their codes by list, in vec0's partitions. */
export interface Partition {
  id: number;
  generation_id: number;
  lists: number;
  state: "live" | "training";
  /** How many vectors there were when it was trained. */
  trained_rows: number;
  /** Vectors of chunks up to this id have been put in. */
  copied_to: number;
  /** Later chunks were put in by those who added them. */
  copy_until: number;
}

/** What a partition's vectors are placed and found by. */
export interface Places {
  rotation: Rotation;
  centroids: Centroids;
}

const columns = "id, generation_id, lists, state, trained_rows, copied_to, copy_until";

/** By partition: centroids never change, and reading them takes longer than a search. */
const opened = new WeakMap<Database, Map<number, Places>>();

/** The partition of a generation in one state. */
export function findPartition(
  db: Database,
  generationId: number,
  state: Partition["state"],
): Partition | undefined {
  return (
    db
      .query<Partition, [number, string]>(
        `select ${columns} from partitions where generation_id = ? and state = ?`,
      )
      .get(generationId, state) ?? undefined
  );
}

/** Makes a partition that is to be filled, and its table, inside the caller's transaction. */
export function createPartition(
  db: Database,
  generation: Generation,
  given: { centroids: Float32Array; trainedRows: number; copyUntil: number },
): Partition {
  const { width } = createRotation(generation.dimensions);
  const lists = given.centroids.length / width;
  const { lastInsertRowid } = db
    .query(
      `insert into partitions (generation_id, lists, state, trained_rows, copied_to, copy_until, centroids)
       values (?, ?, 'training', ?, 0, ?, ?)`,
    )
    .run(generation.id, lists, given.trainedRows, given.copyUntil, bytesOf(given.centroids));
  const id = Number(lastInsertRowid);
  db.run(
    `create virtual table codes_${id} using vec0(
       list integer partition key, code bit[${codeBytes(width) * 8}], chunk_size=${codesPerBlock})`,
  );
  // vec0 otherwise reads the heads of all blocks to find those of a list, for every row that is added.
  db.run(`create index codes_${id}_by_list on codes_${id}_chunks (partition00)`);
  const state = "training";
  const { trainedRows: trained_rows, copyUntil: copy_until } = given;
  return {
    ...{ id, generation_id: generation.id, lists, state },
    ...{ trained_rows, copied_to: 0, copy_until },
  };
}

/** Removes a generation's partitions inside the caller's transaction. */
export function dropPartitions(db: Database, generationId: number): void {
  for (const state of ["live", "training"] as const) {
    const partition = findPartition(db, generationId, state);
    if (partition) dropPartition(db, partition.id);
  }
}

function dropPartition(db: Database, id: number): void {
  db.run(`drop table codes_${id}`);
  db.query("delete from partitions where id = ?").run(id);
  opened.get(db)?.delete(id);
}

/** Puts a filled partition in the place of the live one inside the caller's transaction. */
export function makePartitionLive(db: Database, partition: Partition): void {
  const live = findPartition(db, partition.generation_id, "live");
  if (live) dropPartition(db, live.id);
  db.query("update partitions set state = 'live' where id = ?").run(partition.id);
}

/** What a partition's vectors are placed by. */
export function placesOf(db: Database, partition: Partition, dimensions: number): Places {
  const known = opened.get(db) ?? new Map<number, Places>();
  opened.set(db, known);
  const found = known.get(partition.id) ?? readPlaces(db, partition.id, dimensions);
  known.set(partition.id, found);
  return found;
}

function readPlaces(db: Database, id: number, dimensions: number): Places {
  const row = db
    .query<{ centroids: Uint8Array }, [number]>("select centroids from partitions where id = ?")
    .get(id);
  const rotation = createRotation(dimensions);
  const packed = floatsOf(row?.centroids ?? new Uint8Array());
  return { rotation, centroids: openCentroids(packed, rotation.width) };
}
