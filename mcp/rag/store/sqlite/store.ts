import type { Database } from "bun:sqlite";
import { existsSync, renameSync, rmSync } from "node:fs";
import { AppError } from "../../../../src/core/fault.ts";
import type { Collection, NewDocument, Store, StoreStats } from "../port.ts";
import { type Connection, openConnection, translating, translatingAsync } from "./connection.ts";
import * as documents from "./documents.ts";
import { dropGeneration, findGeneration } from "./generations.ts";
import * as models from "./models.ts";
import { createCollectionTables, dropCollectionTables, schemaVersion } from "./schema.ts";
import { trainCollection } from "./training.ts";
import * as vectors from "./vectors.ts";
import { verifyIndex } from "./verify.ts";
import * as words from "./words.ts";

/** Opens the index in one SQLite file; see the port for what each method does. */
export async function openSqliteStore(path: string): Promise<Store> {
  const connection = await openConnection(path);
  const { db } = connection;
  const read = <T>(action: string, work: () => T): Promise<T> =>
    attempt(connection, action, () => db.transaction(work)());
  const write = <T>(action: string, work: () => T): Promise<T> =>
    attempt(connection, action, () => db.transaction(work).immediate());
  const idOf = (name: string) => collectionId(db, name);

  return {
    listCollections: () => read("list the collections", () => listCollections(db)),
    ensureCollection: (name, title) =>
      write(`create the collection "${name}"`, () => ensureCollection(db, name, title)),
    deleteCollection: (name) =>
      write(`delete the collection "${name}"`, () => deleteCollection(db, name)),

    upsertDocuments: (collection, added, options = {}) =>
      write(`add documents to "${collection}"`, () => {
        if (options.model !== undefined) models.checkModel(db, options.model);
        const result = documents.writeDocuments(db, idOf(collection), lastOfEach(added));
        if (options.cursor) saveCursor(db, options.cursor.name, options.cursor.value);
        return result;
      }),
    deleteDocuments: (collection, sourceIds) =>
      write(`delete documents of "${collection}"`, () =>
        documents.removeDocuments(db, idOf(collection), sourceIds),
      ),
    listSources: (collection) =>
      read(`list the sources of "${collection}"`, () => listSources(db, idOf(collection))),
    findDocument: (collection, sourceId) =>
      read(`read "${sourceId}"`, () => documents.findDocument(db, idOf(collection), sourceId)),
    listDocuments: (collection, filter, limit) =>
      read(`list documents of "${collection}"`, () =>
        documents.listDocuments(db, idOf(collection), { filter, limit }),
      ),

    searchWords: (collection, query, bounds) =>
      read(`search "${collection}"`, () =>
        words.searchWords(db, idOf(collection), { query, bounds }),
      ),
    searchSimilarWords: (collection, query, bounds) =>
      read(`search "${collection}"`, () =>
        words.searchSimilarWords(db, idOf(collection), { query, bounds }),
      ),
    searchVectors: (collection, query, bounds) =>
      read(`search "${collection}"`, () =>
        vectors.searchVectors(db, idOf(collection), { query, bounds }),
      ),
    measureCoverage: (collection, query, ids) =>
      read(`search "${collection}"`, () =>
        words.measureCoverage(db, idOf(collection), {
          query,
          chunks: documents.getChunks(db, ids),
        }),
      ),

    getChunks: (ids) => read("read chunks", () => documents.getChunks(db, ids)),
    getNeighbours: (id, around) =>
      read(`read chunk ${id}`, () => documents.getNeighbours(db, id, around)),
    getVectors: (collection, ids) =>
      read("read vectors", () => vectors.getVectors(db, idOf(collection), ids)),
    sampleTexts: (limit) => read("read a sample", () => sampleTexts(db, limit)),

    readModel: () => read("read the model", () => models.readModel(db)),
    readModelId: () => read("read the model", () => models.readModelId(db)),
    setModel: (model) => write(`set the model "${model.id}"`, () => models.setModel(db, model)),
    embedMissing: (embed, options) =>
      translatingAsync(`write "${path}"`, () => models.embedMissing(db, embed, options)),
    reembed: (model, embed, options) =>
      translatingAsync(`write "${path}"`, () => models.reembed(db, { model, embed }, options)),

    readCursor: (name) => read("read a cursor", () => readCursor(db, name)),
    saveCursor: (name, value) => write("save a cursor", () => saveCursor(db, name, value)),

    maintain: (options) =>
      translatingAsync(`write "${path}"`, async () => {
        const trained: string[] = [];
        for (const { id, name } of connection.isReadOnly ? [] : collectionRows(db)) {
          if (await trainCollection(db, id, options)) trained.push(name);
        }
        return { trained };
      }),
    stats: () => read("read the statistics", () => readStats(connection)),
    verify: () => attempt(connection, "verify", () => verifyIndex(db)),
    backup: (target) => attempt(connection, `back up to "${target}"`, () => backUp(db, target)),
    close: () =>
      attempt(connection, "close", () => {
        // Lets SQLite refresh what it knows about the tables, within a bound of its own.
        if (!connection.isReadOnly) db.run("pragma optimize");
        db.close();
      }),
  };
}

async function attempt<T>(connection: Connection, action: string, work: () => T): Promise<T> {
  return translating(`${action} in "${connection.path}"`, work);
}

/** A source that stands twice in one batch counts as its last. */
function lastOfEach(added: readonly NewDocument[]): NewDocument[] {
  return [...new Map(added.map((document) => [document.sourceId, document])).values()];
}

function collectionRows(db: Database): { id: number; name: string; title: string }[] {
  return db
    .query<{ id: number; name: string; title: string }, []>(
      "select id, name, title from collections order by name",
    )
    .all();
}

function collectionId(db: Database, name: string): number {
  const row = db
    .query<{ id: number }, [string]>("select id from collections where name = ?")
    .get(name);
  if (row) return row.id;
  throw new AppError(
    "not_found",
    `Cannot use the collection ${JSON.stringify(name)}: there is none`,
    {
      hint: "list_collections names those that there are.",
    },
  );
}

function listCollections(db: Database): Collection[] {
  return collectionRows(db).map(({ id, name, title }) => ({
    name,
    title,
    documents: countRows(db, "documents", id),
    chunks: countRows(db, "chunks", id),
  }));
}

function countRows(db: Database, table: "documents" | "chunks", collection: number): number {
  const row = db
    .query<{ n: number }, [number]>(`select count(*) as n from ${table} where collection_id = ?`)
    .get(collection);
  return row?.n ?? 0;
}

function ensureCollection(db: Database, name: string, title: string): void {
  if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(name)) {
    throw new AppError(
      "invalid_input",
      `Cannot create the collection ${JSON.stringify(name)}: not a name`,
      {
        hint: "A name has up to 63 lower-case letters, digits, - and _.",
      },
    );
  }
  const { changes, lastInsertRowid } = db
    .query("insert into collections (name, title) values (?, ?) on conflict (name) do nothing")
    .run(name, documents.clean(title));
  if (changes > 0) createCollectionTables(db, Number(lastInsertRowid));
}

function deleteCollection(db: Database, name: string): boolean {
  const row = db
    .query<{ id: number }, [string]>("select id from collections where name = ?")
    .get(name);
  if (!row) return false;
  for (const state of ["live", "training", "reembedding"] as const) {
    const generation = findGeneration(db, row.id, state);
    if (generation) dropGeneration(db, generation.id);
  }
  dropCollectionTables(db, row.id);
  for (const table of ["facets", "chunks", "documents"])
    db.query(`delete from ${table} where collection_id = ?`).run(row.id);
  db.query("delete from collections where id = ?").run(row.id);
  return true;
}

function listSources(db: Database, collection: number): Map<string, string> {
  const rows = db
    .query<{ source_id: string; content_hash: string }, [number]>(
      "select source_id, content_hash from documents where collection_id = ?",
    )
    .all(collection);
  return new Map(rows.map((row) => [row.source_id, row.content_hash]));
}

function sampleTexts(db: Database, limit: number): string[] {
  const total = db.query<{ n: number }, []>("select count(*) as n from chunks").get()?.n ?? 0;
  const step = Math.max(1, Math.ceil(total / limit));
  return db
    .query<{ text: string }, [number, number]>(
      `select text from (select text, row_number() over (order by id) as place from chunks) where place % ? = 0 limit ?`,
    )
    .all(step, limit)
    .map(({ text }) => text);
}

function readCursor(db: Database, name: string): string | undefined {
  return db.query<{ value: string }, [string]>("select value from cursors where name = ?").get(name)
    ?.value;
}

function saveCursor(db: Database, name: string, value: string): void {
  db.query(
    "insert into cursors (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
  ).run(name, value);
}

function readStats({ db, isReadOnly }: Connection): StoreStats {
  const { data: _, ...model } = models.readModel(db) ?? { data: undefined };
  const missing = db.query<{ n: number }, [number]>(
    "select count(*) as n from chunks where collection_id = ? and has_vector = 0",
  );
  const collections = collectionRows(db).map(({ id, name, title }) => {
    const lists = findGeneration(db, id, "live")?.lists ?? 0;
    return {
      name,
      title,
      documents: countRows(db, "documents", id),
      chunks: countRows(db, "chunks", id),
      chunksWithoutVector: missing.get(id)?.n ?? 0,
      index: lists === 0 ? ("exact" as const) : ("inverted-file" as const),
      lists,
    };
  });
  return {
    engine: "sqlite",
    schemaVersion,
    isReadOnly,
    sizeBytes: sizeOf(db),
    model: "id" in model ? model : null,
    collections,
  };
}

/** Written under another name first: a copy that was cut off must not be taken for one. */
function backUp(db: Database, target: string): void {
  if (existsSync(target)) {
    throw new AppError("conflict", `Cannot back up to "${target}": there is a file`, {
      hint: "Name another file, or move that one away.",
    });
  }
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  db.query("vacuum into ?").run(partial);
  renameSync(partial, target);
}

function sizeOf(db: Database): number {
  const row = db
    .query<{ bytes: number }, []>(
      "select page_count * page_size as bytes from pragma_page_count, pragma_page_size",
    )
    .get();
  return row?.bytes ?? 0;
}
