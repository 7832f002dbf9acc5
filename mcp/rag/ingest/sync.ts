import * as z from "zod";
import { AppError } from "../../../src/core/fault.ts";
import type { Upstream } from "../../../src/core/upstream.ts";
import type { NewDocument, Store } from "../store/port.ts";
import { type Change, change, rowFacet, type SyncKind, syncKinds } from "./syncRecords.ts";

/** Changes in one answer at most, and in one transaction. */
const pageLimit = 200;
/** Raised when records become documents differently, so that the next full sync writes them again. */
const recordVersion = "2";

const page = z.object({ items: z.array(change).max(1_000), next_cursor: z.string().nullable() });

/** What a sync did to one collection. */
export interface SyncReport {
  collection: string;
  written: number;
  unchanged: number;
  deleted: number;
  /** Records that are not of the agreed form; what the index had of them stays. */
  skipped: string[];
}

export interface SyncOptions {
  /** Reads everything and deletes what is no longer there, instead of going on from the last change. */
  isFull: boolean;
  signal?: AbortSignal;
}

/**
 * Follows the claims service: users, contracts, precedents and articles, from the change after the last one that was
 * stored. Each page and its cursor are one transaction, so an interrupted sync goes on where it stopped.
 */
export async function syncClaims(
  store: Store,
  claims: Upstream,
  options: SyncOptions,
): Promise<SyncReport[]> {
  const reports: SyncReport[] = [];
  for (const kind of syncKinds) {
    await store.ensureCollection(kind.collection, kind.title);
    reports.push(await syncKind({ store, claims, kind }, options));
  }
  return reports;
}

interface Sync {
  store: Store;
  claims: Upstream;
  kind: SyncKind;
}

/** A cursor that the service refuses is another database's: then everything is read. */
async function syncKind(sync: Sync, options: SyncOptions): Promise<SyncReport> {
  try {
    return await followKind(sync, options);
  } catch (error) {
    if (options.isFull || !(error instanceof AppError) || error.fault !== "invalid_input")
      throw error;
    return followKind(sync, { ...options, isFull: true });
  }
}

async function followKind(sync: Sync, { isFull, signal }: SyncOptions): Promise<SyncReport> {
  const { store, kind } = sync;
  const cursorName = `claims:${kind.name}`;
  const stored = isFull ? undefined : await store.readCursor(cursorName);
  // Without a cursor this is the first sync, or the service was made anew: what it does not list is gone.
  const seen = stored ? undefined : new Set<string>();
  const report: SyncReport = {
    collection: kind.collection,
    written: 0,
    unchanged: 0,
    deleted: 0,
    skipped: [],
  };
  let after = stored || undefined;
  for (;;) {
    signal?.throwIfAborted();
    const { items, next_cursor: next } = await readPage(sync, after, signal);
    const { documents, goneRows, skippedRows } = sortChanges(kind, items);
    report.skipped.push(...skippedRows);
    report.deleted += await deleteRows(store, kind, goneRows);
    const cursor = next === null ? {} : { cursor: { name: cursorName, value: next } };
    const { written, unchanged } = await store.upsertDocuments(kind.collection, documents, cursor);
    report.written += written;
    report.unchanged += unchanged;
    for (const { sourceId } of documents) seen?.add(sourceId);
    if (next === null || items.length === 0) break;
    after = next;
  }
  // Nothing is taken for gone while something could not be read.
  if (seen && report.skipped.length === 0) report.deleted += await deleteUnseen(store, kind, seen);
  return report;
}

async function readPage(
  { claims, kind }: Sync,
  after: string | undefined,
  signal: AbortSignal | undefined,
): Promise<z.output<typeof page>> {
  const { body } = await claims
    .call({
      method: "GET",
      path: `/api/v1/internal/sync/${kind.name}`,
      query: { after, limit: pageLimit },
      ...(signal && { signal }),
    })
    .catch((error: unknown) => {
      throw naming(kind, error);
    });
  const parsed = page.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new AppError(
    "upstream_invalid",
    `Cannot sync ${kind.name}: the claims service's answer is no page of changes`,
    { hint: "The claims service and this server must be of the same version." },
  );
}

/** The failure of a call with what it was for and the reason; the client's own message is for a tool's caller. */
function naming(kind: SyncKind, error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const { detail }: { detail?: unknown } = Object(error.detail);
  const reason = typeof detail === "string" && detail !== "" ? detail : error.message;
  return new AppError(error.fault, `Cannot sync ${kind.name}: ${reason}`, {
    hint: "Look at the claims service, CLAIMS_API_BASE_URL and CLAIMS_API_TOKEN.",
    cause: error,
  });
}

/** Later changes of one row count; a row that does not belong into the index counts as gone. */
function sortChanges(
  kind: SyncKind,
  items: readonly Change[],
): { documents: NewDocument[]; goneRows: string[]; skippedRows: string[] } {
  const documents: NewDocument[] = [];
  const goneRows: string[] = [];
  const skippedRows: string[] = [];
  for (const item of new Map(items.map((one) => [one.id, one])).values()) {
    const document = item.deleted ? undefined : readRecord(kind, item);
    if (document === "unreadable") skippedRows.push(item.id);
    else if (document) documents.push({ ...document, contentHash: hashOf(item) });
    else goneRows.push(item.id);
  }
  return { documents, goneRows, skippedRows };
}

function readRecord(
  kind: SyncKind,
  item: Change,
): ReturnType<SyncKind["documentOf"]> | "unreadable" {
  try {
    return kind.documentOf(item);
  } catch (error) {
    if (error instanceof z.ZodError) return "unreadable";
    throw error;
  }
}

/** The time of a change says nothing about what the index holds. */
function hashOf({ updated_at: _, ...record }: Change): string {
  return new Bun.CryptoHasher("sha256")
    .update(recordVersion)
    .update(JSON.stringify(record))
    .digest("hex");
}

async function deleteRows(store: Store, kind: SyncKind, rows: readonly string[]): Promise<number> {
  if (rows.length === 0) return 0;
  const filter = { facets: { [rowFacet]: rows } };
  const documents = await store.listDocuments(kind.collection, filter, rows.length);
  return store.deleteDocuments(
    kind.collection,
    documents.map(({ sourceId }) => sourceId),
  );
}

async function deleteUnseen(
  store: Store,
  kind: SyncKind,
  seen: ReadonlySet<string>,
): Promise<number> {
  const known = await store.listSources(kind.collection);
  return store.deleteDocuments(
    kind.collection,
    [...known.keys()].filter((sourceId) => !seen.has(sourceId)),
  );
}
