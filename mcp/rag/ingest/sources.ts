import { AppError } from "../../../src/core/fault.ts";
import type { NewDocument, Store } from "../store/port.ts";

/** Raised when documents are read or divided differently, so that every ingest reads them again. */
export const readingVersion = "1";

/** How the records of a file become documents. */
export interface RecordOptions {
  /** Columns that searches may filter by. */
  facets: readonly string[];
}

/** Something that may become a document of the index. */
export interface Source {
  sourceId: string;
  /** Of everything that shapes the document; an equal one in the index means that it is not loaded. */
  contentHash: string;
  /** Reads and divides it. An AppError counts against this source alone. */
  load(): Promise<{ document: NewDocument; warnings: readonly string[] }>;
}

/** What is said about one source. */
export interface Remark {
  source: string;
  text: string;
}

/** What an ingest did. */
export interface IngestReport {
  written: number;
  unchanged: number;
  deleted: number;
  chunks: number;
  /** True when it was stopped: what was written stays, nothing was deleted, and the next run goes on. */
  isStopped: boolean;
  /** Sources that could not be read; what the index had of them stays. */
  failed: Remark[];
  warnings: Remark[];
}

/** How an ingest is told apart from others. */
export interface IngestOptions {
  collection: string;
  /** Sources whose ids begin so are this ingest's: those that it does not list are deleted from the index. */
  ownedPrefixes: readonly string[];
  signal?: AbortSignal;
  onProgress?: (report: Readonly<IngestReport>) => void;
}

/** Documents and chunks of one transaction at most: a reader waits for no longer than one takes, a kill costs no more. */
const batchDocuments = 64;
const batchChunks = 1_000;
/** Remarks that are kept; thousands of broken files need no longer list. */
const remarksLimit = 1_000;

/**
 * Puts sources into the index: unchanged ones are skipped by their hash, changed ones replaced in transactions of one
 * batch each, gone ones deleted at the end. Run again after an interruption it goes on where it stopped.
 */
export async function ingestSources(
  store: Store,
  sources: AsyncIterable<Source | Remark>,
  options: IngestOptions,
): Promise<IngestReport> {
  const { collection, signal, onProgress } = options;
  const known = await store.listSources(collection);
  const seen = new Set<string>();
  const report: IngestReport = {
    written: 0,
    unchanged: 0,
    deleted: 0,
    chunks: 0,
    isStopped: false,
    failed: [],
    warnings: [],
  };
  let batch: NewDocument[] = [];
  const flush = async () => {
    if (batch.length > 0)
      report.written += (await store.upsertDocuments(collection, batch)).written;
    report.chunks += batch.reduce((sum, { chunks }) => sum + chunks.length, 0);
    batch = [];
    onProgress?.(report);
  };
  for await (const source of sources) {
    report.isStopped = signal?.aborted ?? false;
    if (report.isStopped) break;
    if (!("load" in source)) {
      remember(report.failed, source);
      continue;
    }
    seen.add(source.sourceId);
    if (known.get(source.sourceId) === source.contentHash) report.unchanged++;
    else batch.push(...(await loadOne(source, report)));
    const chunks = batch.reduce((sum, document) => sum + document.chunks.length, 0);
    if (batch.length >= batchDocuments || chunks >= batchChunks) await flush();
    else onProgress?.(report);
  }
  await flush();
  if (!report.isStopped) report.deleted = await deleteGone(store, { known, seen, report, options });
  return report;
}

async function loadOne(source: Source, report: IngestReport): Promise<NewDocument[]> {
  try {
    const { document, warnings } = await source.load();
    for (const text of warnings) remember(report.warnings, { source: source.sourceId, text });
    return [document];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    remember(report.failed, { source: source.sourceId, text: error.message });
    return [];
  }
}

async function deleteGone(
  store: Store,
  {
    known,
    seen,
    report,
    options,
  }: {
    known: ReadonlyMap<string, string>;
    seen: ReadonlySet<string>;
    report: IngestReport;
    options: IngestOptions;
  },
): Promise<number> {
  // A folder that could not be listed may hold what now seems gone.
  const unlisted = report.failed.map(({ source }) => source);
  const gone = [...known.keys()].filter(
    (id) =>
      !seen.has(id) &&
      options.ownedPrefixes.some((prefix) => id.startsWith(prefix)) &&
      !unlisted.some((source) => id.startsWith(source)),
  );
  let deleted = 0;
  for (let start = 0; start < gone.length; start += batchChunks) {
    deleted += await store.deleteDocuments(
      options.collection,
      gone.slice(start, start + batchChunks),
    );
  }
  return deleted;
}

function remember(list: Remark[], remark: Remark): void {
  if (list.length < remarksLimit) list.push(remark);
}
