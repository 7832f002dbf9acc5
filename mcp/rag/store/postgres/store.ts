import { AppError } from "../../../../src/core/fault.ts";
import { lastOfEach } from "../batches.ts";
import type { Store } from "../port.ts";
import * as collections from "./collections.ts";
import { connect, type Run, translating } from "./connection.ts";
import * as documents from "./documents.ts";
import * as models from "./models.ts";
import { isStandby, migrate } from "./schema.ts";
import * as vectors from "./vectors.ts";
import { verifyIndex } from "./verify.ts";
import * as words from "./words.ts";

/** Opens the index in a PostgreSQL with pgvector; see the port for what each method does. */
export async function openPostgresStore(url: string): Promise<Store> {
  const connection = connect(url);
  await translating("open the index", async () => {
    if (!(await isStandby(connection.run))) await migrate(connection);
  }).catch(async (error: unknown) => {
    await connection.close();
    throw error;
  });
  const read = <T>(action: string, work: (run: Run) => Promise<T>): Promise<T> =>
    translating(action, () => work(connection.run));
  const write = <T>(action: string, work: (run: Run) => Promise<T>): Promise<T> =>
    translating(action, () => connection.begin(work));
  const inside =
    <T>(name: string, work: (run: Run, id: number) => Promise<T>) =>
    async (run: Run) =>
      work(run, await collections.collectionId(run, name));

  return {
    listCollections: () => read("list the collections", collections.listCollections),
    ensureCollection: (name, title) =>
      write(`create the collection "${name}"`, (run) =>
        collections.ensureCollection(run, name, title),
      ),
    deleteCollection: (name) =>
      write(`delete the collection "${name}"`, (run) => collections.deleteCollection(run, name)),

    upsertDocuments: (name, added, options = {}) =>
      write(
        `add documents to "${name}"`,
        inside(name, async (run, id) => {
          if (options.model !== undefined) await models.checkModel(run, options.model);
          const result = await documents.writeDocuments(run, id, lastOfEach(added));
          if (options.cursor) {
            await collections.saveCursor(run, options.cursor.name, options.cursor.value);
          }
          return result;
        }),
      ),
    deleteDocuments: (name, sourceIds) =>
      write(
        `delete documents of "${name}"`,
        inside(name, (run, id) => documents.removeDocuments(run, id, sourceIds)),
      ),
    listSources: (name) =>
      read(`list the sources of "${name}"`, inside(name, collections.listSources)),
    findDocument: (name, sourceId) =>
      read(
        `read "${sourceId}"`,
        inside(name, (run, id) => documents.findDocument(run, id, sourceId)),
      ),
    listDocuments: (name, filter, limit) =>
      read(
        `list documents of "${name}"`,
        inside(name, (run, id) => documents.listDocuments(run, id, { filter, limit })),
      ),

    searchWords: (name, query, bounds) =>
      read(
        `search "${name}"`,
        inside(name, (run, id) => words.searchWords(run, id, { query, bounds })),
      ),
    searchSimilarWords: (name, query, bounds) =>
      read(
        `search "${name}"`,
        inside(name, (run, id) => words.searchSimilarWords(run, id, { query, bounds })),
      ),
    searchVectors: (name, query, bounds) =>
      write(
        `search "${name}"`,
        inside(name, (run, id) => vectors.searchVectors(run, id, { query, bounds })),
      ),
    measureCoverage: (name, query, ids) =>
      read(
        `search "${name}"`,
        inside(name, async (run, id) => {
          const chunks = await documents.getChunks(run, ids);
          return words.measureCoverage(run, id, { query, chunks });
        }),
      ),

    getChunks: (ids) => read("read chunks", (run) => documents.getChunks(run, ids)),
    getNeighbours: (id, around) =>
      read(`read chunk ${id}`, (run) => documents.getNeighbours(run, id, around)),
    getVectors: (name, ids) =>
      read(
        "read vectors",
        inside(name, (run, id) => vectors.getVectors(run, id, ids)),
      ),
    sampleTexts: (limit) => read("read a sample", (run) => collections.sampleTexts(run, limit)),

    readModel: () => read("read the model", models.readModel),
    readModelId: () =>
      read("read the model", async (run) => {
        const [row] = await run<{ id: string }>("select id from model");
        return row?.id;
      }),
    setModel: (model) => write(`set the model "${model.id}"`, (run) => models.setModel(run, model)),
    embedMissing: (embed, options) =>
      translating("write the index", () => models.embedMissing(connection, embed, options)),
    reembed: (model, embed, options) =>
      translating("write the index", () => models.reembed(connection, { model, embed }, options)),

    readCursor: (name) => read("read a cursor", (run) => collections.readCursor(run, name)),
    saveCursor: (name, value) =>
      write("save a cursor", (run) => collections.saveCursor(run, name, value)),

    // HNSW grows with its rows.
    maintain: async () => ({ trained: [] }),
    stats: () => read("read the statistics", collections.readStats),
    verify: () => read("verify", verifyIndex),
    backup: async (path) => {
      throw new AppError(
        "invalid_input",
        `Cannot back up to "${path}": the index is in PostgreSQL`,
        {
          hint: "Use pg_dump, or your operator's backups.",
        },
      );
    },
    close: () => connection.close(),
  };
}
