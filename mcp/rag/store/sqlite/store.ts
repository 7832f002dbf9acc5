import type { Database } from "bun:sqlite";
import { lastOfEach } from "../batches.ts";
import type { Store } from "../port.ts";
import * as collections from "./collections.ts";
import { type Connection, openConnection, translating, translatingAsync } from "./connection.ts";
import * as documents from "./documents.ts";
import * as models from "./models.ts";
import { trainCollection } from "./training.ts";
import * as upkeep from "./upkeep.ts";
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
  const idOf = (name: string) => collections.collectionId(db, name);

  return {
    listCollections: () => read("list the collections", () => collections.listCollections(db)),
    ensureCollection: (name, title) =>
      write(`create the collection "${name}"`, () => collections.ensureCollection(db, name, title)),
    deleteCollection: (name) =>
      write(`delete the collection "${name}"`, () => collections.deleteCollection(db, name)),

    upsertDocuments: (collection, added, options = {}) =>
      write(`add documents to "${collection}"`, () => {
        if (options.model !== undefined) models.checkModel(db, options.model);
        const result = documents.writeDocuments(db, idOf(collection), lastOfEach(added));
        if (options.cursor) upkeep.saveCursor(db, options.cursor.name, options.cursor.value);
        return result;
      }),
    deleteDocuments: (collection, sourceIds) =>
      write(`delete documents of "${collection}"`, () =>
        documents.removeDocuments(db, idOf(collection), sourceIds),
      ),
    listSources: (collection) =>
      read(`list the sources of "${collection}"`, () =>
        collections.listSources(db, idOf(collection)),
      ),
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
    sampleTexts: (limit) => read("read a sample", () => upkeep.sampleTexts(db, limit)),

    readModel: () => read("read the model", () => models.readModel(db)),
    readModelId: () => read("read the model", () => models.readModelId(db)),
    setModel: (model) => write(`set the model "${model.id}"`, () => models.setModel(db, model)),
    embedMissing: (embed, options) =>
      translatingAsync(`write "${path}"`, () => models.embedMissing(db, embed, options)),
    reembed: (model, embed, options) =>
      translatingAsync(`write "${path}"`, () => models.reembed(db, { model, embed }, options)),

    readCursor: (name) => read("read a cursor", () => upkeep.readCursor(db, name)),
    saveCursor: (name, value) => write("save a cursor", () => upkeep.saveCursor(db, name, value)),

    maintain: (options) =>
      translatingAsync(`write "${path}"`, async () => {
        const trained: string[] = [];
        for (const { id, name } of connection.isReadOnly ? [] : collections.collectionRows(db)) {
          if (await trainCollection(db, id, options)) trained.push(name);
        }
        return { trained };
      }),
    stats: () => read("read the statistics", () => upkeep.readStats(connection)),
    verify: () => attempt(connection, "verify", () => verifyIndex(db)),
    backup: (target) =>
      attempt(connection, `back up to "${target}"`, () => upkeep.backUp(db, target)),
    close: () =>
      attempt(connection, "close", () => {
        if (!connection.isReadOnly) optimize(db);
        db.close();
      }),
  };
}

/** Lets SQLite refresh what it knows about the tables, within a bound of its own. */
function optimize(db: Database): void {
  try {
    db.run("pragma optimize");
  } catch {
    // A damaged file or a full disk: whoever used it has been told, and this must not hide it.
  }
}

async function attempt<T>(connection: Connection, action: string, work: () => T): Promise<T> {
  return translating(`${action} in "${connection.path}"`, work);
}
