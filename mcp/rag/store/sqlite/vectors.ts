import type { Database } from "bun:sqlite";
import { AppError } from "../../../../src/core/fault.ts";
import { normalized, rowsToProbe } from "../centroids.ts";
import type { Estimate } from "../codeScan.ts";
import type { ChunkId, Match, SearchBounds } from "../port.ts";
import { isEmpty, wrongDimensions } from "../vectorRules.ts";
import { insertCodes, place, searchCodes } from "./codeBlocks.ts";
import { filterConditions } from "./documents.ts";
import { createGeneration, findGeneration, type Generation } from "./generations.ts";
import { findPartition, type Partition, placesOf } from "./partitions.ts";
import { bytesOf, floatsOf } from "./vectorBytes.ts";

/** Of the finds by codes, how many are compared exactly at most for each that is wanted, and besides. */
const comparedPerWanted = 3;
const comparedBesides = 70;
/** How many are compared before another look at whether it is enough. */
const comparedAtOnce = 16;
/** How many finds are looked at for each that is wanted when a filter drops some. */
const filterReserve = 4;

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
    const passing = filtered(db, promising, bounds);
    const found = compare(db, live, { query: unit, estimates: passing, limit: bounds.limit });
    if (!bounds.filter || found.length === bounds.limit) return found;
    // So few pass that looking at these alone is the shorter way.
    if (probes === partition.lists) return searchAll(db, live, { query: unit, bounds });
  }
}

/** The estimates of chunks that pass the filter, in their order. */
function filtered(
  db: Database,
  estimates: readonly Estimate[],
  { filter }: SearchBounds,
): readonly Estimate[] {
  const { sql, values } = filterConditions(filter);
  if (sql === "") return estimates;
  const pass = db.query<{ id: number }, (number | string)[]>(
    `select c.id from chunks c join documents d on d.id = c.document_id
     where c.id in (select value from json_each(?))${sql}`,
  );
  const ids = JSON.stringify(estimates.map(({ id }) => id));
  const allowed = new Set(pass.all(ids, ...values).map(({ id }) => id));
  return estimates.filter(({ id }) => allowed.has(id));
}

/**
 * The chunks by their vectors' true cosine, the nearest first. Reading vectors is most of a search: it ends when the next
 * estimate is so low that even an error as large as the largest one so far would not lift it among those that are wanted.
 */
function compare(
  db: Database,
  live: Generation,
  {
    query,
    estimates,
    limit,
  }: { query: Float32Array; estimates: readonly Estimate[]; limit: number },
): Match[] {
  const most = limit * comparedPerWanted + comparedBesides;
  const step = Math.max(limit, comparedAtOnce);
  let matches: Match[] = [];
  let largestError = 0;
  for (let start = 0; start < Math.min(most, estimates.length); start += step) {
    const worst = matches.length < limit ? -1 : (matches.at(-1)?.score ?? -1);
    if ((estimates[start]?.score ?? 0) + largestError < worst) break;
    const next = estimates.slice(start, start + step);
    const estimated = new Map(next.map(({ id, score }) => [id, score]));
    for (const { id, vector } of readVectors(db, live.id, [...estimated.keys()])) {
      const score = product(query, vector);
      largestError = Math.max(largestError, Math.abs(score - (estimated.get(id) ?? score)));
      matches.push({ chunkId: id, score });
    }
    matches.sort((one, other) => other.score - one.score || one.chunkId - other.chunkId);
    matches = matches.slice(0, limit);
  }
  return matches;
}

function product(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
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
