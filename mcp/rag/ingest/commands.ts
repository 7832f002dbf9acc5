import * as z from "zod";
import { type Command, type CommandContext, defineCommand } from "../../../src/core/command.ts";
import { switchSetting } from "../../../src/core/commonSettings.ts";
import { AppError } from "../../../src/core/fault.ts";
import {
  defineSettings,
  list,
  type SettingValues,
  truth,
  wholeNumber,
} from "../../../src/core/settings.ts";
import { chooseEmbedder, embedderSettings } from "../embed/choose.ts";
import type { EmbedderSource } from "../embed/port.ts";
import { indexSettings } from "../settings.ts";
import { openStore } from "../store/open.ts";
import type { Store } from "../store/port.ts";
import { type Embedded, embedIndex } from "./embedIndex.ts";
import { findFiles, readFiles } from "./files.ts";
import { claimsSettings, openClaims, syncOnce } from "./periodicSync.ts";
import { openProgressLine, type ProgressLine } from "./progress.ts";
import { type IngestReport, ingestSources } from "./sources.ts";
import { watchFolders } from "./watch.ts";

const json = {
  flag: "json",
  parse: truth,
  expected: "true or false",
  default: "false",
  isSwitch: true,
  about: "Prints the report as JSON",
} as const;

const ingestSettings = defineSettings({
  ...indexSettings,
  ...embedderSettings,
  collection: {
    flag: "collection",
    parse: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/),
    expected: "lower-case letters, digits, - and _, at most 63",
    default: "documents",
    about: "The collection that the documents belong to; made when it is not there",
  },
  facets: {
    flag: "facets",
    parse: list,
    expected: "names of columns, with commas",
    default: "category",
    about: "Columns of CSV and JSON lines that searches may filter by",
  },
  json,
});
type IngestValues = SettingValues<typeof ingestSettings>;

const ingestCommand = defineCommand({
  name: "ingest",
  about:
    "Reads documents into the index: new and changed ones; what is gone from a given folder goes.",
  operands: "<file or folder…>",
  settings: ingestSettings,
  examples: [
    "rag-mcp ingest --db index.db handbook/",
    "rag-mcp ingest --db index.db --collection cases --facets category,year cases.csv",
  ],
  run: async (values, context) => {
    await using parts = await openParts(values.db, values);
    const outcome = await ingestPaths(parts, values, context);
    context.print(values.json ? JSON.stringify(outcome, null, 2) : describe(outcome));
    return outcome.failed.length > 0 || outcome.isStopped ? 1 : 0;
  },
});

const watchCommand = defineCommand({
  name: "watch",
  about: "Keeps the index like some folders until it is stopped; ingests whenever a file changes.",
  operands: "<folder…>",
  settings: defineSettings({
    ...ingestSettings,
    every: {
      flag: "every",
      parse: wholeNumber(1),
      expected: "a whole number of seconds",
      default: "60",
      about: "How often the folders are looked through when nothing was noticed, in seconds",
    },
  }),
  examples: ["rag-mcp watch --db index.db handbook/"],
  run: async (values, context) => {
    await using parts = await openParts(values.db, values);
    const { operands, signal, print } = context;
    // Names a path that is wrong before anything is watched.
    await findFiles(operands.length > 0 ? operands : missingOperands("watch"));
    await watchFolders(operands, { everyMs: values.every * 1000, signal }, async () => {
      const outcome = await ingestPaths(parts, values, context);
      if (outcome.written + outcome.deleted === 0) return;
      print(values.json ? JSON.stringify(outcome) : describe(outcome));
    });
    return 0;
  },
});

const syncCommand = defineCommand({
  name: "sync",
  about: "Fetches users, contracts, precedents and articles that changed in the claims service.",
  settings: defineSettings({
    ...indexSettings,
    ...embedderSettings,
    ...claimsSettings,
    full: switchSetting("full", "Reads everything and deletes what the service no longer has"),
    json,
  }),
  examples: [
    "rag-mcp sync --db index.db --claims-api-base-url http://localhost:8000",
    "rag-mcp sync --db index.db --claims-api-base-url http://localhost:8000 --full",
  ],
  run: async ({ db, full: isFull, json: isJson, ...values }, { print, signal }) => {
    const claims = openClaims(values);
    await using parts = await openParts(db, values);
    const outcome = await syncOnce({ ...parts, claims }, { isFull, signal });
    if (isJson) print(JSON.stringify(outcome, null, 2));
    for (const one of isJson ? [] : outcome.collections) {
      print(
        `${one.collection}: ${one.written} written, ${one.unchanged} unchanged, ${one.deleted} deleted`,
      );
    }
    if (!isJson) print(describeVectors(outcome.vectors));
    return outcome.collections.some(({ skipped }) => skipped.length > 0) ? 1 : 0;
  },
});

/** What fills the index by hand. */
export const ingestCommands: readonly Command[] = [ingestCommand, watchCommand, syncCommand];

interface Parts extends AsyncDisposable {
  store: Store;
  source: EmbedderSource;
}

async function openParts(
  db: string | undefined,
  values: SettingValues<typeof embedderSettings>,
): Promise<Parts> {
  if (db === undefined) {
    throw new AppError("invalid_config", "Cannot open the index: RAG_DB is not set", {
      hint: "Set RAG_DB or --db to the index file, to its folder, or to a postgres:// address.",
    });
  }
  const source = await chooseEmbedder(values);
  const store = await openStore(db);
  return { store, source, [Symbol.asyncDispose]: () => store.close() };
}

type Outcome = IngestReport & { collection: string; vectors: Embedded };

async function ingestPaths(
  { store, source }: Parts,
  { collection, facets }: Pick<IngestValues, "collection" | "facets">,
  { operands, signal }: CommandContext,
): Promise<Outcome> {
  const found = await findFiles(operands.length > 0 ? operands : missingOperands("ingest"));
  await refuseOtherModel(store, source);
  await store.ensureCollection(collection, collection);
  const line = openProgressLine();
  const report = await ingestSources(store, readFiles(found, { facets }), {
    collection,
    ownedPrefixes: found.ownedPrefixes,
    signal,
    onProgress: (now) => showIngest(line, now, found.files.length),
  });
  const onProgress = (done: number, total: number) => line.show(done, total, "vectors");
  const vectors = await embedIndex(store, source, { signal, onProgress });
  if (!signal.aborted) await store.maintain({ signal });
  line.clear();
  return { collection, ...report, vectors };
}

/** Before anything is written: an index of another model is said at once, not after an hour of reading. */
async function refuseOtherModel(store: Store, source: EmbedderSource): Promise<void> {
  const stored = await store.readModel();
  if (!stored) return;
  const embedder = await source.open(stored).catch((error: unknown) => {
    if (error instanceof AppError && error.fault !== "conflict") return undefined;
    throw error;
  });
  await embedder?.close();
}

function missingOperands(command: string): never {
  throw new AppError("usage", `Cannot ${command}: no file or folder is named`, {
    hint: `See \`rag-mcp ${command} --help\`.`,
  });
}

function showIngest(line: ProgressLine, report: Readonly<IngestReport>, files: number): void {
  const done = report.written + report.unchanged + report.failed.length;
  // A file of records is many documents: then the total is not known beforehand.
  line.show(done, Math.max(done, files), `documents, ${report.chunks} chunks`);
}

function describe(outcome: Outcome): string {
  const { collection, written, unchanged, deleted, chunks, failed, warnings, vectors } = outcome;
  const counts = `${written} written (${chunks} chunks), ${unchanged} unchanged, ${deleted} deleted`;
  return [
    `${collection}: ${counts}`,
    ...(outcome.isStopped ? ["stopped: run the same command again to go on"] : []),
    describeVectors(vectors),
    ...failed.map(({ source, text }) => `failed   ${source}: ${text}`),
    ...warnings.map(({ source, text }) => `warning  ${source}: ${text}`),
  ].join("\n");
}

function describeVectors({ model, vectors, problem }: Embedded): string {
  if (problem !== undefined) return `vectors are missing, searches go by words alone: ${problem}`;
  return model === null ? "nothing to make vectors of" : `${vectors} vectors of "${model}"`;
}
