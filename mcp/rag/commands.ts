import { existsSync } from "node:fs";
import * as z from "zod";
import { type Command, defineCommand } from "../../src/core/command.ts";
import { switchSetting } from "../../src/core/commonSettings.ts";
import { AppError } from "../../src/core/fault.ts";
import { defineSettings, wholeNumber } from "../../src/core/settings.ts";
import { chooseEmbedder, embedderSettings } from "./embed/choose.ts";
import { reembedIndex } from "./ingest/embedIndex.ts";
import { openQueryEmbedding } from "./retrieve/queryEmbedding.ts";
import { search } from "./retrieve/search.ts";
import { indexSettings } from "./settings.ts";
import { isPostgres, openStore } from "./store/open.ts";
import type { Store } from "./store/port.ts";

/** How much of a find is printed, in characters. */
const excerptCharacters = 240;

const isJson = switchSetting("json", "Prints JSON");

const searchCommand = defineCommand({
  name: "search",
  about: "Searches the index by words and meaning, as the tools do, and prints what it finds.",
  operands: "<question…>",
  settings: defineSettings({
    ...indexSettings,
    ...embedderSettings,
    collection: {
      flag: "collection",
      parse: z.string(),
      expected: "a collection's name",
      default: "",
      about: "The collection to search; all of them when left out",
    },
    top: {
      flag: "top",
      parse: wholeNumber(1),
      expected: "a whole number of at least 1",
      default: "5",
      about: "How many documents are shown",
    },
    isJson,
  }),
  examples: [
    'rag-mcp search --db index.db "is flood damage covered"',
    "rag-mcp search --db index.db --collection contracts --json CNT-2025-0001",
  ],
  run: async ({ db, collection, top, isJson, ...embedder }, { operands, print, log, signal }) => {
    const query = operands.join(" ");
    if (query.trim() === "") {
      throw new AppError("usage", "Cannot search: the question is missing");
    }
    await using store = closing(await openIndex(db));
    const embedding = openQueryEmbedding(store, await chooseEmbedder(embedder), log);
    const names = (await store.listCollections()).map(({ name }) => name);
    const wanted = collection === "" ? names : [collection];
    const now = new Date();
    const filter = { validOn: now.toISOString().slice(0, 10) };
    const request = { query, topK: top, filter, now, signal };
    const answers = await Promise.all(
      wanted.map((name) => search({ store, embedding }, { ...request, collection: name })),
    );
    await embedding.close();
    const hits = answers
      .flatMap((answer) => answer.hits)
      .sort((one, other) => other.similarity - one.similarity || other.score - one.score)
      .slice(0, top);
    if (isJson) print(JSON.stringify(hits, null, 2));
    for (const { chunk, similarity } of isJson ? [] : hits) {
      const { collection: name, title, source } = chunk.document;
      print(`${similarity.toFixed(2)}  ${title}  (${name}, chunk ${chunk.id})\n      ${source}`);
      print(`      ${chunk.text.replaceAll(/\s+/g, " ").slice(0, excerptCharacters)}\n`);
    }
    const degraded = answers.find((answer) => answer.degraded !== undefined)?.degraded;
    if (degraded !== undefined) log.warn(degraded);
    return hits.length > 0 ? 0 : 1;
  },
});

const statsCommand = defineCommand({
  name: "stats",
  about: "Prints what the index holds, as JSON.",
  settings: indexSettings,
  examples: ["rag-mcp stats --db index.db"],
  run: async ({ db }, { print }) => {
    await using store = closing(await openIndex(db));
    print(JSON.stringify(await store.stats(), null, 2));
    return 0;
  },
});

const verifyCommand = defineCommand({
  name: "verify",
  about:
    "Looks at every page, row and reference of the index; the exit code is 1 when something is wrong.",
  settings: indexSettings,
  examples: ["rag-mcp verify --db index.db"],
  run: async ({ db }, { print }) => {
    await using store = closing(await openIndex(db));
    const verdict = await store.verify();
    print(JSON.stringify(verdict, null, 2));
    return verdict.problems.length === 0 ? 0 : 1;
  },
});

const backupCommand = defineCommand({
  name: "backup",
  about: "Writes a whole copy of the index while others read and write it.",
  operands: "<file>",
  settings: indexSettings,
  examples: ["rag-mcp backup --db index.db copy.db"],
  run: async ({ db }, { operands: [target], print }) => {
    if (target === undefined) throw new AppError("usage", "Cannot back up: the file is missing");
    await using store = closing(await openIndex(db));
    await store.backup(target);
    print(target);
    return 0;
  },
});

const reembedCommand = defineCommand({
  name: "reembed",
  about:
    "Makes every vector anew with the embedder that the settings name; searches use the old ones until then.",
  settings: defineSettings({ ...indexSettings, ...embedderSettings }),
  examples: [
    "rag-mcp reembed --db index.db",
    "rag-mcp reembed --db index.db --embedding-model-dir model",
  ],
  run: async ({ db, ...embedderValues }, { print, signal }) => {
    await using store = closing(await openIndex(db));
    const source = await chooseEmbedder(embedderValues);
    const { model, vectors } = await reembedIndex(store, source, { signal });
    await store.maintain({ signal });
    print(`${vectors} vectors of "${model}"`);
    return 0;
  },
});

async function openIndex(db: string | undefined): Promise<Store> {
  if (db !== undefined) return openExisting(db);
  throw new AppError("invalid_config", "Cannot open the index: RAG_DB is not set", {
    hint: "Set RAG_DB or --db to the index file, to its folder, or to a postgres:// address.",
  });
}

/** A file that is not there would be made, and a wrong path then tells of an empty index. */
async function openExisting(location: string): Promise<Store> {
  if (isPostgres(location) || existsSync(location)) return openStore(location);
  throw new AppError("invalid_config", `Cannot open "${location}": no such file`, {
    hint: "Correct --db or RAG_DB, or make the index with rag-mcp ingest or rag-mcp sync.",
  });
}

function closing(store: Store): Store & AsyncDisposable {
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

/** What people do with an index by hand. */
export const indexCommands: readonly Command[] = [
  searchCommand,
  statsCommand,
  verifyCommand,
  backupCommand,
  reembedCommand,
];
