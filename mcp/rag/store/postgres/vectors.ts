import { normalized } from "../centroids.ts";
import type { ChunkId, Match, SearchBounds } from "../port.ts";
import { isEmpty, noModel, wrongDimensions } from "../vectorRules.ts";
import type { Run } from "./connection.ts";
import { filterConditions } from "./filters.ts";

/** Candidates that an HNSW search keeps: at least so many, and some more than are wanted. */
const fewestCandidates = 100;
/** pgvector takes no more. */
const mostCandidates = 1000;
/** Rows of one insert statement; each has two parameters, of 65,535. */
const rowsPerInsert = 500;

/** One table of vectors of a collection. */
export interface Generation {
  id: number;
  collection_id: number;
  model_id: string;
  dimensions: number;
  copied_to: number;
}

/** A chunk's vector, normalised or not. */
export interface ChunkVector {
  id: ChunkId;
  vector: Float32Array;
}

/** The generation of a collection in one state. */
export async function findGeneration(
  run: Run,
  collectionId: number,
  state: "live" | "reembedding",
): Promise<Generation | undefined> {
  const [row] = await run<Generation>(
    `select id, collection_id, model_id, dimensions, copied_to::float8 as copied_to from generations
     where collection_id = $1 and state = $2`,
    [collectionId, state],
  );
  return row;
}

/** Makes a generation with its table and HNSW index inside the caller's transaction. */
export async function createGeneration(
  run: Run,
  generation: Pick<Generation, "collection_id" | "model_id" | "dimensions">,
  state: "live" | "reembedding",
): Promise<Generation> {
  const { collection_id, model_id, dimensions } = generation;
  const [row] = await run<{ id: number }>(
    `insert into generations (collection_id, model_id, dimensions, state, copied_to) values ($1, $2, $3, $4, 0)
     returning id`,
    [collection_id, model_id, dimensions, state],
  );
  const id = row?.id ?? 0;
  await run(
    `create table vectors_${id} (chunk_id bigint primary key, embedding vector(${dimensions}) not null)`,
  );
  await run(`create index on vectors_${id} using hnsw (embedding vector_ip_ops)`);
  return { ...generation, id, copied_to: 0 };
}

/** Removes a generation and its table inside the caller's transaction. */
export async function dropGeneration(run: Run, id: number): Promise<void> {
  await run(`drop table vectors_${id}`);
  await run("delete from generations where id = $1", [id]);
}

/** Puts vectors into the collection's live generation. */
export async function insertVectors(
  run: Run,
  collectionId: number,
  vectors: readonly ChunkVector[],
): Promise<void> {
  if (vectors.length === 0) return;
  const live =
    (await findGeneration(run, collectionId, "live")) ?? (await createFirst(run, collectionId));
  await insertInto(run, live, vectors);
}

/** Puts vectors into one generation, normalised. */
export async function insertInto(
  run: Run,
  generation: Generation,
  vectors: readonly ChunkVector[],
): Promise<void> {
  for (let start = 0; start < vectors.length; start += rowsPerInsert) {
    const rows = vectors.slice(start, start + rowsPerInsert);
    for (const { vector } of rows) {
      if (vector.length !== generation.dimensions) throw wrongDimensions(generation, vector.length);
    }
    const places = rows.map((_, index) => `($${index * 2 + 1}, $${index * 2 + 2}::text::vector)`);
    await run(
      `insert into vectors_${generation.id} (chunk_id, embedding) values ${places.join(", ")}`,
      rows.flatMap(({ id, vector }) => [id, textOf(normalized(vector))]),
    );
  }
}

/** Removes chunks' vectors from every generation of the collection. */
export async function deleteVectors(
  run: Run,
  collectionId: number,
  ids: readonly ChunkId[],
): Promise<void> {
  for (const state of ["live", "reembedding"] as const) {
    const generation = await findGeneration(run, collectionId, state);
    if (!generation) continue;
    await run(
      `delete from vectors_${generation.id} where chunk_id in
         (select value::bigint from jsonb_array_elements_text($1::text::jsonb))`,
      [JSON.stringify(ids)],
    );
  }
}

/** The nearest vectors by cosine; run it inside a transaction, whose settings it changes. */
export async function searchVectors(
  run: Run,
  collectionId: number,
  { query, bounds }: { query: Float32Array; bounds: SearchBounds },
): Promise<Match[]> {
  const live = await findGeneration(run, collectionId, "live");
  if (!live) return [];
  if (query.length !== live.dimensions) throw wrongDimensions(live, query.length);
  if (isEmpty(query)) return [];
  const candidates = Math.min(mostCandidates, Math.max(fewestCandidates, bounds.limit * 2));
  await run(`set local hnsw.ef_search = ${candidates}`);
  // Goes on searching when a filter drops what it found.
  await run("set local hnsw.iterative_scan = strict_order");
  const { sql, values } = filterConditions(bounds.filter, 3);
  const source = sql
    ? `vectors_${live.id} v join chunks c on c.id = v.chunk_id join documents d on d.id = c.document_id`
    : `vectors_${live.id} v`;
  return run<Match>(
    `select v.chunk_id::float8 as "chunkId", -(v.embedding <#> $1::text::vector) as score from ${source}
     where true${sql} order by v.embedding <#> $1::text::vector limit $2`,
    [textOf(normalized(query)), bounds.limit, ...values],
  );
}

/** Vectors by chunk; chunks without one are left out. */
export async function getVectors(
  run: Run,
  collectionId: number,
  ids: readonly ChunkId[],
): Promise<Map<ChunkId, Float32Array>> {
  const live = await findGeneration(run, collectionId, "live");
  if (!live || ids.length === 0) return new Map();
  const rows = await run<{ id: number; embedding: string }>(
    `select chunk_id::float8 as id, embedding::text as embedding from vectors_${live.id}
     where chunk_id in (select value::bigint from jsonb_array_elements_text($1::text::jsonb))`,
    [JSON.stringify(ids)],
  );
  return new Map(rows.map(({ id, embedding }) => [id, new Float32Array(JSON.parse(embedding))]));
}

async function createFirst(run: Run, collectionId: number): Promise<Generation> {
  const [model] = await run<{ id: string; dimensions: number }>("select id, dimensions from model");
  if (!model) throw noModel("a document");
  const { id: model_id, dimensions } = model;
  return createGeneration(run, { collection_id: collectionId, model_id, dimensions }, "live");
}

function textOf(vector: Float32Array): string {
  return `[${vector.join(",")}]`;
}
