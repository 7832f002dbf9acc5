import type { Database } from "bun:sqlite";
import { AppError } from "../../../../src/core/fault.ts";
import { normalized, rowsToProbe } from "../centroids.ts";
import type { ChunkId, Match, SearchBounds } from "../port.ts";
import { isEmpty, wrongDimensions } from "../vectorRules.ts";
import { filterConditions } from "./documents.ts";
import {
  bytesOf,
  centroidsOf,
  createGeneration,
  findGeneration,
  floatsOf,
  type Generation,
} from "./generations.ts";

/** The fewest lists that are looked into, however many vectors they hold. */
const fewestProbes = 8;
/** How many finds are looked at for each that is wanted when a filter drops some. */
const filterReserve = 4;

/** A chunk's vector, normalised or not. */
export interface ChunkVector {
  id: ChunkId;
  vector: Float32Array;
}

/** Puts vectors into the collection's live generation and into one that is being trained. */
export function insertVectors(
  db: Database,
  collectionId: number,
  vectors: readonly ChunkVector[],
): void {
  if (vectors.length === 0) return;
  const live = findGeneration(db, collectionId, "live") ?? createFirst(db, collectionId);
  const training = findGeneration(db, collectionId, "training");
  const unit = vectors.map(({ id, vector }) => ({ id, vector: normalized(vector) }));
  insertInto(db, live, unit);
  // What the copy has yet to reach, it brings along itself.
  const isAhead = ({ id }: ChunkVector) =>
    training !== undefined && id > training.copied_to && id <= training.copy_until;
  if (training)
    insertInto(
      db,
      training,
      unit.filter((chunk) => !isAhead(chunk)),
    );
}

/** Puts normalised vectors into one generation. */
export function insertInto(
  db: Database,
  generation: Generation,
  vectors: readonly ChunkVector[],
): void {
  const centroids = centroidsOf(db, generation);
  const insert = db.query(
    `insert into vectors_${generation.id} (rowid, list, embedding) values (?, ?, ?)`,
  );
  for (const { vector } of vectors) {
    if (vector.length !== generation.dimensions) throw wrongDimensions(generation, vector.length);
  }
  const placed = vectors.map((chunk) => ({ ...chunk, list: centroids?.assign(chunk.vector) ?? 0 }));
  placed.sort((one, other) => one.list - other.list || one.id - other.id);
  for (const { id, vector, list } of placed) insert.run(id, list, bytesOf(vector));
}

/** Removes chunks' vectors from every generation of the collection. */
export function deleteVectors(db: Database, collectionId: number, ids: readonly ChunkId[]): void {
  for (const state of ["live", "training", "reembedding"] as const) {
    const generation = findGeneration(db, collectionId, state);
    if (!generation) continue;
    const remove = db.query(`delete from vectors_${generation.id} where rowid = ?`);
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
  if (live.lists === 0) return searchAll(db, live, { query: unit, bounds });
  if (!bounds.filter) return searchLists(db, live, { query: unit, limit: bounds.limit, share: 1 });
  return searchFiltered(db, live, { query: unit, bounds });
}

/** Vectors by chunk; chunks without one are left out. */
export function getVectors(
  db: Database,
  collectionId: number,
  ids: readonly ChunkId[],
): Map<ChunkId, Float32Array> {
  const live = findGeneration(db, collectionId, "live");
  if (!live) return new Map();
  const one = db.query<{ embedding: Uint8Array }, [number]>(
    `select embedding from vectors_${live.id} where rowid = ?`,
  );
  return new Map(
    ids.flatMap((id) => {
      const row = one.get(id);
      return row ? [[id, floatsOf(row.embedding)] as const] : [];
    }),
  );
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

/** Looks into the nearest lists. `share` 1 is the usual number of them; a larger one looks into more. */
function searchLists(
  db: Database,
  live: Generation,
  { query, limit, share }: { query: Float32Array; limit: number; share: number },
): Match[] {
  const rowsPerList = Math.max(1, live.trained_rows / live.lists);
  const probes = Math.max(
    fewestProbes,
    Math.ceil((rowsToProbe(live.trained_rows) / rowsPerList) * share),
  );
  const lists = centroidsOf(db, live)?.nearest(query, probes) ?? [];
  const search = db.query<{ rowid: number; distance: number }, [Uint8Array, number, number]>(
    `select rowid, distance from vectors_${live.id} where embedding match ? and k = ? and list = ?`,
  );
  return lists
    .flatMap((list) => search.all(bytesOf(query), limit, list))
    .sort((one, other) => one.distance - other.distance || one.rowid - other.rowid)
    .slice(0, limit)
    .map(matchOf);
}

/** Finds more than is wanted and drops what the filter refuses, looking into more lists until there are enough. */
function searchFiltered(
  db: Database,
  live: Generation,
  { query, bounds }: { query: Float32Array; bounds: SearchBounds },
): Match[] {
  const { sql, values } = filterConditions(bounds.filter);
  const pass = db.query<{ id: number }, (number | string)[]>(
    `select c.id from chunks c join documents d on d.id = c.document_id
     where c.id in (select value from json_each(?))${sql}`,
  );
  for (let factor = filterReserve; ; factor *= filterReserve) {
    const limit = Math.min(bounds.limit * factor, nearestLimit);
    const found = searchLists(db, live, { query, limit, share: factor / filterReserve });
    const ids = JSON.stringify(found.map(({ chunkId }) => chunkId));
    const allowed = new Set(pass.all(ids, ...values).map(({ id }) => id));
    const kept = found.filter(({ chunkId }) => allowed.has(chunkId)).slice(0, bounds.limit);
    if (kept.length === bounds.limit || limit === nearestLimit) return kept;
  }
}

/** What vec0 finds at most. */
const nearestLimit = 4096;

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
  const trained_rows = 0;
  return createGeneration(
    db,
    {
      collection_id: collectionId,
      model_id,
      dimensions,
      lists: 0,
      state: "live",
      trained_rows,
      copy_until: 0,
    },
    null,
  );
}

/** Both are unit vectors: the squared distance is 2 - 2 cos. */
function matchOf({ rowid, distance }: { rowid: number; distance: number }): Match {
  return { chunkId: rowid, score: 1 - (distance * distance) / 2 };
}
