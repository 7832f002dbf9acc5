import type { Database } from "bun:sqlite";
import {
  exactRowsLimit,
  growthBeforeTraining,
  listCount,
  sampleSize,
  trainCentroids,
} from "../centroids.ts";
import type { ChunkId, WorkOptions } from "../port.ts";
import { createRotation } from "../rotation.ts";
import { insertCodes, type PlacedCode, place } from "./codeBlocks.ts";
import { findGeneration, type Generation } from "./generations.ts";
import {
  createPartition,
  findPartition,
  makePartitionLive,
  type Partition,
  type Places,
  placesOf,
} from "./partitions.ts";
import { readRange } from "./vectorRange.ts";
import { readVectors } from "./vectors.ts";

/** Vectors that one transaction adds the codes of: other writers wait for about 0.1 s. */
const rowsPerSlice = 16_000;
/** Vectors that are read and placed between two turns of other work: some 20 ms, and 3 MB. */
const rowsPerTurn = 1_000;
/** No limit, for SQLite. */
const allRows = -1;

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
  const live = findGeneration(db, collectionId, "live");
  if (!live) return false;
  if (!findPartition(db, live.id, "training")) await begin(db, live, options.signal);
  let isFilled = false;
  for (let slice = next(db, live); slice; slice = next(db, live)) {
    options.signal?.throwIfAborted();
    const { copied_to, copy_until } = slice.training;
    options.onProgress?.(copied_to, copy_until);
    await fill(db, live, slice);
    isFilled = true;
  }
  return isFilled;
}

/** What is to be put in next: chunks with vectors, in the order of their ids; none are left in the end. */
interface Slice {
  training: Partition;
  places: Places;
  ids: ChunkId[];
}

/** In one transaction, so that nobody puts another generation in place meanwhile. */
function next(db: Database, live: Generation): Slice | undefined {
  return db.transaction(() => {
    const training = findPartition(db, live.id, "training");
    if (!training) return undefined;
    const places = placesOf(db, training, live.dimensions);
    return { training, places, ids: nextIds(db, live, training, rowsPerSlice) };
  })();
}

/** Trains the centroids outside any transaction, then makes the partition that is filled. */
async function begin(
  db: Database,
  live: Generation,
  signal: AbortSignal | undefined,
): Promise<void> {
  const rows = countVectors(db, live.collection_id);
  const known = findPartition(db, live.id, "live");
  const isOutgrown = known
    ? rows > known.trained_rows * growthBeforeTraining
    : rows > exactRowsLimit;
  if (!isOutgrown) return;
  const lists = listCount(rows);
  const isLive = () => findGeneration(db, live.collection_id, "live")?.id === live.id;
  const bounds = { rows, size: sampleSize(lists) };
  const vectors = db.transaction(() => (isLive() ? sampleVectors(db, live, bounds) : []))();
  if (vectors.length === 0) return;
  const sample = vectors.map(createRotation(live.dimensions).rotate);
  const centroids = await trainCentroids(sample, Math.min(lists, sample.length), signal);
  db.transaction(() => {
    // Another process may have begun, or put another generation in place.
    if (!isLive() || findPartition(db, live.id, "training")) return;
    createPartition(db, live, { centroids, trainedRows: rows, copyUntil: newest(db) });
  }).immediate();
}

/** Places a slice's vectors between other work and adds their codes at once; without any left, puts the partition in place. */
async function fill(db: Database, live: Generation, slice: Slice): Promise<void> {
  const { training, places, ids } = slice;
  const isCurrent = () => {
    const now = findPartition(db, live.id, "training");
    return now?.id === training.id && now.copied_to === training.copied_to;
  };
  const placed = new Map<ChunkId, PlacedCode>();
  for (let start = 0; start < ids.length; start += rowsPerTurn) {
    // Other work of this thread gets its turn.
    await Bun.sleep(0);
    const part = ids.slice(start, start + rowsPerTurn);
    const vectors = db.transaction(() => (isCurrent() ? readRange(db, live.id, part) : []))();
    for (const { id, vector } of vectors) placed.set(id, place(places, id, vector));
  }
  db.transaction(() => {
    // Another process may have added this slice, or all of them.
    if (!isCurrent()) return;
    const last = ids.at(-1);
    if (last === undefined) {
      makePartitionLive(db, training);
      return;
    }
    insertCodes(db, training, settle(db, live, { ...slice, placed, last }));
    db.query("update partitions set copied_to = ? where id = ?").run(last, training.id);
  }).immediate();
}

/** The codes of what has a vector now: since the placing, chunks may have gone, and others got theirs. */
function settle(
  db: Database,
  live: Generation,
  {
    training,
    places,
    placed,
    last,
  }: Slice & { placed: ReadonlyMap<ChunkId, PlacedCode>; last: ChunkId },
): PlacedCode[] {
  const ids = nextIds(db, live, { ...training, copy_until: last }, allRows);
  const late = ids.filter((id) => !placed.has(id));
  return [
    ...ids.flatMap((id) => placed.get(id) ?? []),
    ...readVectors(db, live.id, late).map(({ id, vector }) => place(places, id, vector)),
  ];
}

/** The chunks with a vector that come next, at most `limit` of them. */
function nextIds(
  db: Database,
  live: Generation,
  { copied_to, copy_until }: Partition,
  limit: number,
): ChunkId[] {
  return db
    .query<{ id: number }, [number, number, number, number]>(
      `select id from chunks where collection_id = ? and id > ? and id <= ? and has_vector = 1 order by id limit ?`,
    )
    .all(live.collection_id, copied_to, copy_until, limit)
    .map(({ id }) => id);
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
  return readRange(db, live.id, ids.slice(0, size)).map(({ vector }) => vector);
}

/** How many chunks of a collection have a vector. */
function countVectors(db: Database, collectionId: number): number {
  const row = db
    .query<{ rows: number }, [number]>(
      "select count(*) as rows from chunks where collection_id = ? and has_vector = 1",
    )
    .get(collectionId);
  return row?.rows ?? 0;
}

function newest(db: Database): ChunkId {
  return db.query<{ id: number | null }, []>("select max(id) as id from chunks").get()?.id ?? 0;
}
