import type { Database } from "bun:sqlite";
import { AppError } from "../../../../src/core/fault.ts";
import { normalized, rowsToProbe } from "../centroids.ts";
import type { ChunkId, Match, SearchBounds } from "../port.ts";
import { isEmpty, wrongDimensions } from "../vectorRules.ts";
import { insertCodes, place, searchCodes } from "./codeBlocks.ts";
import { filterConditions } from "./documents.ts";
import { createGeneration, findGeneration, type Generation } from "./generations.ts";
import { findPartition, type Partition, placesOf } from "./partitions.ts";
import { bytesOf, floatsOf } from "./vectorBytes.ts";

/** Of the finds by codes, how many are compared exactly for each that is wanted, and besides. */
const comparedPerWanted = 3;
const comparedBesides = 70;
/** How many finds are looked at for each that is wanted when a filter drops some. */
const filterReserve = 4;
/** The most that a filter is asked about. */
const mostFiltered = 16_384;

/** A chunk's vector, normalised or not. */
export interface ChunkVector {
  id: ChunkId;
  vector: Float32Array;
}

/** Puts vectors into the collection's live generation and its inverted files. */
export function insertVectors(
  db: Database,
  collectionId: number,
  vectors: readonly ChunkVector[],
): void {
  if (vectors.length === 0) return;
  const live = findGeneration(db, collectionId, "live") ?? createFirst(db, collectionId);
  const unit = vectors.map(({ id, vector }) => ({ id, vector: normalized(vector) }));
  insertInto(db, live, unit);
  for (const state of ["live", "training"] as const) {
    const partition = findPartition(db, live.id, state);
    if (!partition) continue;
    const places = placesOf(db, partition, live.dimensions);
    const reached = unit.filter(({ id }) => !isAhead(partition, id));
    insertCodes(
      db,
      partition,
      reached.map(({ id, vector }) => place(places, id, vector)),
    );
  }
}

/** What the filling of a partition has yet to reach, it brings along itself. */
function isAhead({ state, copied_to, copy_until }: Partition, id: ChunkId): boolean {
  return state === "training" && id > copied_to && id <= copy_until;
}

/** Puts normalised vectors into one generation. */
export function insertInto(
  db: Database,
  generation: Generation,
  vectors: readonly ChunkVector[],
): void {
  for (const { vector } of vectors) {
    if (vector.length !== generation.dimensions) throw wrongDimensions(generation, vector.length);
  }
  const insert = db.query(`insert into vectors_${generation.id} (rowid, embedding) values (?, ?)`);
  for (const { id, vector } of vectors) insert.run(id, bytesOf(vector));
}

/** Removes chunks' vectors from every generation of the collection, and their codes. */
export function deleteVectors(db: Database, collectionId: number, ids: readonly ChunkId[]): void {
  const tables: string[] = [];
  for (const state of ["live", "reembedding"] as const) {
    const generation = findGeneration(db, collectionId, state);
    if (!generation) continue;
    tables.push(`vectors_${generation.id}`);
    for (const kind of ["live", "training"] as const) {
      const partition = findPartition(db, generation.id, kind);
      if (partition) tables.push(`codes_${partition.id}`);
    }
  }
  for (const table of tables) {
    const remove = db.query(`delete from ${table} where rowid = ?`);
    for (const id of ids) remove.run(id);
  }
}

/** The nearest vectors by cosine. */
export function searchVectors(
  db: Database,
  collectionId: number,
  { query, bounds }: { query: Float32Array; bounds: SearchBounds },
): Match[] {
  const live = findGeneration(db, collectionId, "live");
  if (!live) return [];
  if (query.length !== live.dimensions) throw wrongDimensions(live, query.length);
  if (isEmpty(query)) return [];
  const unit = normalized(query);
  const partition = findPartition(db, live.id, "live");
  if (!partition) return searchAll(db, live, { query: unit, bounds });
  const usual = rowsToProbe(partition.trained_rows) / partition.trained_rows;
  for (let factor = 1; ; factor *= filterReserve) {
    const limit = (bounds.limit * comparedPerWanted + comparedBesides) * factor;
    const probes = Math.ceil(Math.min(1, usual * factor) * partition.lists);
    const promising = searchCodes(db, partition, { query: unit, probes, limit });
    const ids = filtered(
      db,
      promising.map(({ id }) => id),
      bounds,
    );
    const wanted = ids.slice(0, bounds.limit * comparedPerWanted + comparedBesides);
    const found = compare(db, live, { query: unit, ids: wanted }).slice(0, bounds.limit);
    const isWhole = probes === partition.lists && promising.length < limit;
    if (!bounds.filter || found.length === bounds.limit || isWhole) return found;
    // So few pass that looking at these alone is the shorter way.
    if (limit > mostFiltered) return searchAll(db, live, { query: unit, bounds });
  }
}

/** The ids of chunks that pass the filter, in their order. */
function filtered(db: Database, ids: readonly ChunkId[], { filter }: SearchBounds): ChunkId[] {
  const { sql, values } = filterConditions(filter);
  if (sql === "") return [...ids];
  const pass = db.query<{ id: number }, (number | string)[]>(
    `select c.id from chunks c join documents d on d.id = c.document_id
     where c.id in (select value from json_each(?))${sql}`,
  );
  const allowed = new Set(pass.all(JSON.stringify(ids), ...values).map(({ id }) => id));
  return ids.filter((id) => allowed.has(id));
}

/** The chunks by their vectors' true cosine, the nearest first. */
function compare(
  db: Database,
  live: Generation,
  { query, ids }: { query: Float32Array; ids: readonly ChunkId[] },
): Match[] {
  const matches = readVectors(db, live.id, ids).map(({ id, vector }) => {
    let score = 0;
    for (let at = 0; at < query.length; at++) score += (query[at] ?? 0) * (vector[at] ?? 0);
    return { chunkId: id, score };
  });
  return matches.sort((one, other) => other.score - one.score || one.chunkId - other.chunkId);
}

/** Vectors by chunk; chunks without one are left out. */
export function getVectors(
  db: Database,
  collectionId: number,
  ids: readonly ChunkId[],
): Map<ChunkId, Float32Array> {
  const live = findGeneration(db, collectionId, "live");
  if (!live) return new Map();
  return new Map(readVectors(db, live.id, ids).map(({ id, vector }) => [id, vector]));
}

/** A generation's vectors of these chunks, one by one. */
export function readVectors(
  db: Database,
  generation: number,
  ids: readonly ChunkId[],
): ChunkVector[] {
  const one = db.query<{ embedding: Uint8Array }, [number]>(
    `select embedding from vectors_${generation} where rowid = ?`,
  );
  return ids.flatMap((id) => {
    const row = one.get(id);
    return row ? [{ id, vector: floatsOf(row.embedding) }] : [];
  });
}

function searchAll(
  db: Database,
  live: Generation,
  { query, bounds }: { query: Float32Array; bounds: SearchBounds },
): Match[] {
  const { sql, values } = filterConditions(bounds.filter);
  const allowed = sql
    ? `and rowid in (select c.id from chunks c join documents d on d.id = c.document_id
         where c.collection_id = ${live.collection_id}${sql})`
    : "";
  return db
    .query<{ rowid: number; distance: number }, (Uint8Array | number | string)[]>(
      `select rowid, distance from vectors_${live.id} where embedding match ? and k = ? ${allowed}`,
    )
    .all(bytesOf(query), bounds.limit, ...values)
    .map(matchOf);
}

function createFirst(db: Database, collectionId: number): Generation {
  const model = db
    .query<{ id: string; dimensions: number }, []>("select id, dimensions from model")
    .get();
  if (!model) {
    throw new AppError("conflict", "Cannot add vectors: the index has no embedding model yet", {
      hint: "Set the store's model before the first vectors.",
    });
  }
  const { id: model_id, dimensions } = model;
  return createGeneration(db, {
    ...{ collection_id: collectionId, model_id, dimensions, state: "live" },
  });
}

/** Both are unit vectors: the squared distance is 2 - 2 cos. */
function matchOf({ rowid, distance }: { rowid: number; distance: number }): Match {
  return { chunkId: rowid, score: 1 - (distance * distance) / 2 };
}
