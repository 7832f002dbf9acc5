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
import type { PostgresConnection, Run } from "./connection.ts";
import {
  createGeneration,
  dropGeneration,
  findGeneration,
  type Generation,
  insertInto,
  insertVectors,
} from "./vectors.ts";

/** Texts that an embedder gets at once, and chunks that one transaction writes. */
const batchTexts = 64;

interface TextRow {
  id: number;
  collection_id: number;
  title: string;
  headings: string;
  text: string;
}

/** The model that the index's vectors were made with. */
export async function readModel(run: Run): Promise<ModelRecord | undefined> {
  const [row] = await run<Omit<ModelRecord, "data"> & { data: string | null }>(
    `select id, dimensions, document_prefix as "documentPrefix", query_prefix as "queryPrefix", data from model`,
  );
  if (!row) return undefined;
  const { data, ...model } = row;
  return { ...model, ...(data !== null && { data: Uint8Array.fromBase64(data) }) };
}

/** Sets the model inside the caller's transaction; refuses another one than the vectors' there are. */
export async function setModel(run: Run, model: ModelRecord): Promise<void> {
  const stored = await readModel(run);
  if (stored && isSameModel(stored, model)) return;
  const [row] = await run("select 1 as one from chunks where has_vector = 1 limit 1");
  if (stored && row) throw mixedModels(stored, model.id);
  for (const id of await listCollectionIds(run)) {
    const live = await findGeneration(run, id, "live");
    if (live) await dropGeneration(run, live.id);
  }
  await writeModel(run, model);
}

/** Refuses vectors of another model than the index's. */
export async function checkModel(run: Run, id: string): Promise<void> {
  const stored = await readModel(run);
  if (!stored) throw noModel(id);
  if (stored.id !== id) throw mixedModels(stored, id);
}

/** Gives chunks without a vector one; see the port. */
export async function embedMissing(
  { run, begin }: PostgresConnection,
  embed: EmbedTexts,
  { signal, onProgress }: WorkOptions = {},
): Promise<number> {
  const [total] = await run<{ n: number }>(
    "select count(*)::int as n from chunks where has_vector = 0",
  );
  const next = (last: number) =>
    run<TextRow>(selectTexts("c.has_vector = 0 and c.id > $1"), [last]);
  let done = 0;
  for (let rows = await next(0); rows.length > 0; rows = await next(rows.at(-1)?.id ?? 0)) {
    signal?.throwIfAborted();
    const vectors = await embed(rows.map(textToEmbed), signal);
    const batch = rows;
    await begin(async (inside) => {
      for (const [index, row] of batch.entries()) await addVector(inside, row, vectors[index]);
    });
    done += rows.length;
    onProgress?.(done, total?.n ?? done);
  }
  return done;
}

/** Makes all vectors anew in generations of their own, which take over in one transaction with the model. */
export async function reembed(
  { run, begin }: PostgresConnection,
  { model, embed }: { model: ModelRecord; embed: EmbedTexts },
  { signal, onProgress }: WorkOptions = {},
): Promise<number> {
  await begin((inside) => prepare(inside, model));
  const [total] = await run<{ n: number }>("select count(*)::int as n from chunks");
  let done = 0;
  while (true) {
    signal?.throwIfAborted();
    const rows = await nextTexts(run);
    const vectors = rows.length > 0 ? await embed(rows.map(textToEmbed), signal) : [];
    const isWhole = await begin(async (inside) => {
      // Nobody adds chunks between the last look and the take-over.
      await inside("lock table collections in share row exclusive mode");
      for (const [index, row] of rows.entries()) await addReembedded(inside, row, vectors[index]);
      if ((await nextTexts(inside)).length > 0) return false;
      await finish(inside, model);
      return true;
    });
    done += rows.length;
    onProgress?.(done, Math.max(done, total?.n ?? 0));
    if (isWhole) return done;
  }
}

async function prepare(run: Run, model: ModelRecord): Promise<void> {
  for (const id of await listCollectionIds(run)) {
    const begun = await findGeneration(run, id, "reembedding");
    if (begun?.model_id === model.id && begun.dimensions === model.dimensions) continue;
    if (begun) await dropGeneration(run, begun.id);
    const { id: model_id, dimensions } = model;
    await createGeneration(run, { collection_id: id, model_id, dimensions }, "reembedding");
  }
}

async function nextTexts(run: Run): Promise<TextRow[]> {
  for (const id of await listCollectionIds(run)) {
    const generation = await findGeneration(run, id, "reembedding");
    const rows = await run<TextRow>(selectTexts("c.collection_id = $1 and c.id > $2"), [
      id,
      generation?.copied_to ?? 0,
    ]);
    if (rows.length > 0) return rows;
  }
  return [];
}

async function addReembedded(
  run: Run,
  row: TextRow,
  vector: Float32Array | undefined,
): Promise<void> {
  const generation = await findGeneration(run, row.collection_id, "reembedding");
  if (!vector || !generation) return;
  // It may have been deleted while the embedder worked.
  const [chunk] = await run("select 1 as one from chunks where id = $1", [row.id]);
  if (chunk && !isEmpty(vector)) await insertInto(run, generation, [{ id: row.id, vector }]);
  await run("update generations set copied_to = $1 where id = $2", [row.id, generation.id]);
}

async function finish(run: Run, model: ModelRecord): Promise<void> {
  for (const id of await listCollectionIds(run)) {
    const generation = await findGeneration(run, id, "reembedding");
    if (generation) await takeOver(run, generation);
  }
  await writeModel(run, model);
}

async function takeOver(run: Run, { id, collection_id }: Generation): Promise<void> {
  const live = await findGeneration(run, collection_id, "live");
  if (live) await dropGeneration(run, live.id);
  await run("update generations set state = 'live' where id = $1", [id]);
  await run(
    `update chunks set has_vector = case when exists (select 1 from vectors_${id} v where v.chunk_id = chunks.id)
       then ${vectorStates.stored} else ${vectorStates.empty} end where collection_id = $1`,
    [collection_id],
  );
}

async function addVector(run: Run, row: TextRow, vector: Float32Array | undefined): Promise<void> {
  const [missing] = await run(
    "select 1 as one from chunks where id = $1 and has_vector = 0 for update",
    [row.id],
  );
  if (!vector || !missing) return;
  if (!isEmpty(vector)) await insertVectors(run, row.collection_id, [{ id: row.id, vector }]);
  await run("update chunks set has_vector = $1 where id = $2", [vectorState(vector), row.id]);
}

async function writeModel(run: Run, model: ModelRecord): Promise<void> {
  await run(
    `insert into model (one, id, dimensions, document_prefix, query_prefix, data) values (1, $1, $2, $3, $4, $5)
     on conflict (one) do update set id = excluded.id, dimensions = excluded.dimensions,
       document_prefix = excluded.document_prefix, query_prefix = excluded.query_prefix, data = excluded.data`,
    [
      model.id,
      model.dimensions,
      model.documentPrefix,
      model.queryPrefix,
      model.data?.toBase64() ?? null,
    ],
  );
}

async function listCollectionIds(run: Run): Promise<number[]> {
  const rows = await run<{ id: number }>("select id from collections order by id");
  return rows.map(({ id }) => id);
}

function selectTexts(condition: string): string {
  return `select c.id::float8 as id, c.collection_id, d.title, c.headings, c.text
    from chunks c join documents d on d.id = c.document_id where ${condition} order by c.id limit ${batchTexts}`;
}
