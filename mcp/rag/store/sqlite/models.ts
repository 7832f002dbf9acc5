import type { Database } from "bun:sqlite";
import { normalized } from "../centroids.ts";
import type { EmbedTexts, ModelRecord, WorkOptions } from "../port.ts";
import {
  isEmpty,
  isSameModel,
  mixedModels,
  noModel,
  textToEmbed,
  vectorState,
  vectorStates,
} from "../vectorRules.ts";
import {
  createGeneration,
  dropGeneration,
  findGeneration,
  type Generation,
  makeLive,
} from "./generations.ts";
import { insertInto, insertVectors } from "./vectors.ts";

/** Texts that an embedder gets at once, and chunks that one transaction writes. */
const batchTexts = 64;

interface ModelRow {
  id: string;
  dimensions: number;
  document_prefix: string;
  query_prefix: string;
  data: Uint8Array | null;
}

interface TextRow {
  id: number;
  collection_id: number;
  title: string;
  headings: string;
  text: string;
}

/** The model that the index's vectors were made with. */
export function readModel(db: Database): ModelRecord | undefined {
  const row = db
    .query<ModelRow, []>("select id, dimensions, document_prefix, query_prefix, data from model")
    .get();
  if (!row) return undefined;
  return {
    id: row.id,
    dimensions: row.dimensions,
    documentPrefix: row.document_prefix,
    queryPrefix: row.query_prefix,
    ...(row.data && { data: row.data }),
  };
}

/** The id alone; the rest may be megabytes. */
export function readModelId(db: Database): string | undefined {
  return db.query<{ id: string }, []>("select id from model").get()?.id;
}

/** Sets the model inside the caller's transaction; refuses another one than the vectors' there are. */
export function setModel(db: Database, model: ModelRecord): void {
  const stored = readModel(db);
  if (stored && isSameModel(stored, model)) return;
  const hasVectors = db.query("select 1 from chunks where has_vector = 1 limit 1").get() !== null;
  if (stored && hasVectors) throw mixedModels(stored, model.id);
  for (const { id } of listCollectionIds(db)) {
    const live = findGeneration(db, id, "live");
    if (live) dropGeneration(db, live.id);
  }
  writeModel(db, model);
}

/** Refuses vectors of another model than the index's. */
export function checkModel(db: Database, id: string): void {
  const stored = readModel(db);
  if (!stored) throw noModel(id);
  if (stored.id !== id) throw mixedModels(stored, id);
}

/** Gives chunks without a vector one; see the port. */
export async function embedMissing(
  db: Database,
  embed: EmbedTexts,
  { signal, onProgress }: WorkOptions = {},
): Promise<number> {
  const total = db
    .query<{ n: number }, []>("select count(*) as n from chunks where has_vector = 0")
    .get();
  const next = db.query<TextRow, [number]>(selectTexts("c.has_vector = 0 and c.id > ?"));
  const model = readModel(db);
  let done = 0;
  let last = 0;
  for (let rows = next.all(last); rows.length > 0; rows = next.all(last)) {
    signal?.throwIfAborted();
    const vectors = await embed(rows.map(textToEmbed), signal);
    db.transaction(() => {
      if (model) checkModel(db, model.id);
      for (const [index, row] of rows.entries()) addVector(db, row, vectors[index]);
    }).immediate();
    last = rows.at(-1)?.id ?? last;
    done += rows.length;
    onProgress?.(done, total?.n ?? done);
  }
  return done;
}

/**
 * Makes all vectors anew in generations of their own, which take over in one transaction with the model. Killed before,
 * the old ones stay, and the next call goes on where this one ended.
 */
export async function reembed(
  db: Database,
  { model, embed }: { model: ModelRecord; embed: EmbedTexts },
  { signal, onProgress }: WorkOptions = {},
): Promise<number> {
  db.transaction(() => prepare(db, model)).immediate();
  const total = db.query<{ n: number }, []>("select count(*) as n from chunks").get()?.n ?? 0;
  let done = 0;
  while (true) {
    signal?.throwIfAborted();
    const rows = nextTexts(db);
    const vectors = rows.length > 0 ? await embed(rows.map(textToEmbed), signal) : [];
    const isWhole = db
      .transaction(() => {
        for (const [index, row] of rows.entries()) addReembedded(db, row, vectors[index]);
        if (nextTexts(db).length > 0) return false;
        finish(db, model);
        return true;
      })
      .immediate();
    done += rows.length;
    onProgress?.(done, Math.max(done, total));
    if (isWhole) return done;
  }
}

function prepare(db: Database, model: ModelRecord): void {
  for (const { id } of listCollectionIds(db)) {
    const begun = findGeneration(db, id, "reembedding");
    if (begun?.model_id === model.id && begun.dimensions === model.dimensions) continue;
    if (begun) dropGeneration(db, begun.id);
    const { id: model_id, dimensions } = model;
    createGeneration(db, { collection_id: id, model_id, dimensions, state: "reembedding" });
  }
}

function nextTexts(db: Database): TextRow[] {
  for (const { id } of listCollectionIds(db)) {
    const copiedTo = findGeneration(db, id, "reembedding")?.copied_to ?? 0;
    const next = db.query<TextRow, [number, number]>(
      selectTexts("c.collection_id = ? and c.id > ?"),
    );
    const rows = next.all(id, copiedTo);
    if (rows.length > 0) return rows;
  }
  return [];
}

function addReembedded(db: Database, row: TextRow, vector: Float32Array | undefined): void {
  const generation = findGeneration(db, row.collection_id, "reembedding");
  if (!vector || !generation) return;
  // It may have been deleted while the embedder worked.
  if (db.query("select 1 from chunks where id = ?").get(row.id)) {
    const vectors = isEmpty(vector) ? [] : [{ id: row.id, vector: normalized(vector) }];
    insertInto(db, generation, vectors);
  }
  db.query("update generations set copied_to = ? where id = ?").run(row.id, generation.id);
}

function finish(db: Database, model: ModelRecord): void {
  for (const { id } of listCollectionIds(db)) {
    const generation = findGeneration(db, id, "reembedding");
    if (generation) takeOver(db, generation);
  }
  writeModel(db, model);
}

function takeOver(db: Database, generation: Generation): void {
  makeLive(db, generation);
  db.query(
    `update chunks set has_vector = iif(id in (select rowid from vectors_${generation.id}_rowids), ?, ?)
     where collection_id = ?`,
  ).run(vectorStates.stored, vectorStates.empty, generation.collection_id);
}

function addVector(db: Database, row: TextRow, vector: Float32Array | undefined): void {
  const isMissing = db.query("select 1 from chunks where id = ? and has_vector = 0").get(row.id);
  if (!vector || !isMissing) return;
  if (!isEmpty(vector)) insertVectors(db, row.collection_id, [{ id: row.id, vector }]);
  db.query("update chunks set has_vector = ? where id = ?").run(vectorState(vector), row.id);
}

function writeModel(db: Database, model: ModelRecord): void {
  db.query(
    `insert into model (one, id, dimensions, document_prefix, query_prefix, data) values (1, ?, ?, ?, ?, ?)
     on conflict (one) do update set id = excluded.id, dimensions = excluded.dimensions,
       document_prefix = excluded.document_prefix, query_prefix = excluded.query_prefix, data = excluded.data`,
  ).run(model.id, model.dimensions, model.documentPrefix, model.queryPrefix, model.data ?? null);
}

function listCollectionIds(db: Database): { id: number }[] {
  return db.query<{ id: number }, []>("select id from collections order by id").all();
}

function selectTexts(condition: string): string {
  return `select c.id, c.collection_id, d.title, c.headings, c.text from chunks c join documents d on d.id = c.document_id
    where ${condition} order by c.id limit ${batchTexts}`;
}
