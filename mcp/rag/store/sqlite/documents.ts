import type { Database } from "bun:sqlite";
import { clean } from "../clean.ts";
import type { Filter, NewChunk, NewDocument, StoredChunk, StoredDocument } from "../port.ts";
import { type ChunkRow, chunkOf, type DocumentRow, documentOf } from "../rows.ts";
import { isEmpty, vectorState } from "../vectorRules.ts";
import { type ChunkVector, deleteVectors, insertVectors } from "./vectors.ts";
import { addWords, removeWords, WordCounts } from "./words.ts";

const documentColumns = `d.id, d.source_id, d.content_hash, d.title, d.source, d.facets, d.valid_from, d.valid_until,
  d.occurred_at, d.metadata, n.name as collection`;
const chunkColumns = `c.id as chunk_id, c.ordinal, c.text, c.headings, c.language, c.start_offset, c.end_offset, c.page,
  ${documentColumns}`;
const joinedChunks = `from chunks c join documents d on d.id = c.document_id join collections n on n.id = d.collection_id`;

/** A document's columns that a search's filter looks at, as conditions on `d`, and their parameters. */
export function filterConditions(filter: Filter | undefined): { sql: string; values: string[] } {
  const conditions: string[] = [];
  const values: string[] = [];
  for (const [name, allowed] of Object.entries(filter?.facets ?? {})) {
    conditions.push(
      `exists (select 1 from facets f where f.collection_id = d.collection_id and f.name = ? and f.document_id = d.id
        and f.value in (select value from json_each(?)))`,
    );
    values.push(name, JSON.stringify(allowed));
  }
  if (filter?.validOn !== undefined) {
    conditions.push(
      "(d.valid_from is null or d.valid_from <= ?) and (d.valid_until is null or d.valid_until >= ?)",
    );
    values.push(filter.validOn, filter.validOn);
  }
  if (filter?.excludeSourceIds?.length) {
    conditions.push("d.source_id not in (select value from json_each(?))");
    values.push(JSON.stringify(filter.excludeSourceIds));
  }
  return { sql: conditions.map((condition) => ` and ${condition}`).join(""), values };
}

/** Writes documents inside the caller's transaction; those whose hash is stored already are left as they are. */
export function writeDocuments(
  db: Database,
  collectionId: number,
  documents: readonly NewDocument[],
): { written: number; unchanged: number } {
  const counts = new WordCounts();
  const vectors: ChunkVector[] = [];
  const stored = db.query<{ id: number; content_hash: string }, [number, string]>(
    "select id, content_hash from documents where collection_id = ? and source_id = ?",
  );
  let unchanged = 0;
  for (const document of documents) {
    const found = stored.get(collectionId, document.sourceId);
    if (found?.content_hash === document.contentHash) {
      unchanged++;
      continue;
    }
    if (found) removeDocument(db, { collectionId, documentId: found.id, counts });
    const documentId = insertDocument(db, collectionId, document);
    for (const [ordinal, chunk] of document.chunks.entries()) {
      const id = insertChunk(db, { collectionId, documentId, ordinal, chunk });
      addWords(db, { collectionId, chunkId: id, title: document.title, chunk }, counts);
      if (chunk.vector && !isEmpty(chunk.vector)) vectors.push({ id, vector: chunk.vector });
    }
  }
  counts.save(db, collectionId);
  insertVectors(db, collectionId, vectors);
  return { written: documents.length - unchanged, unchanged };
}

/** Removes documents by their source ids inside the caller's transaction. */
export function removeDocuments(
  db: Database,
  collectionId: number,
  sourceIds: readonly string[],
): number {
  const counts = new WordCounts();
  const stored = db.query<{ id: number }, [number, string]>(
    "select id from documents where collection_id = ? and source_id = ?",
  );
  let removed = 0;
  for (const sourceId of sourceIds) {
    const found = stored.get(collectionId, clean(sourceId));
    if (!found) continue;
    removeDocument(db, { collectionId, documentId: found.id, counts });
    removed++;
  }
  counts.save(db, collectionId);
  return removed;
}

function removeDocument(
  db: Database,
  {
    collectionId,
    documentId,
    counts,
  }: { collectionId: number; documentId: number; counts: WordCounts },
): void {
  const chunks = db
    .query<ChunkRow, [number]>(`select ${chunkColumns} ${joinedChunks} where c.document_id = ?`)
    .all(documentId)
    .map(chunkOf);
  for (const chunk of chunks) {
    const place = { collectionId, chunkId: chunk.id, title: chunk.document.title, chunk };
    removeWords(db, place, counts);
  }
  deleteVectors(
    db,
    collectionId,
    chunks.map(({ id }) => id),
  );
  db.query("delete from chunks where document_id = ?").run(documentId);
  db.query("delete from facets where document_id = ?").run(documentId);
  db.query("delete from documents where id = ?").run(documentId);
}

function insertDocument(db: Database, collectionId: number, document: NewDocument): number {
  const { lastInsertRowid } = db
    .query(
      `insert into documents (collection_id, source_id, content_hash, title, source, facets, valid_from, valid_until,
         occurred_at, metadata) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      collectionId,
      clean(document.sourceId),
      clean(document.contentHash),
      clean(document.title),
      clean(document.source),
      JSON.stringify(document.facets),
      document.validFrom ?? null,
      document.validUntil ?? null,
      document.occurredAt ?? null,
      JSON.stringify(document.metadata),
    );
  const documentId = Number(lastInsertRowid);
  const facet = db.query(
    "insert into facets (collection_id, name, value, document_id) values (?, ?, ?, ?)",
  );
  for (const [name, value] of Object.entries(document.facets))
    facet.run(collectionId, clean(name), clean(value), documentId);
  return documentId;
}

function insertChunk(
  db: Database,
  place: { collectionId: number; documentId: number; ordinal: number; chunk: NewChunk },
): number {
  const { chunk } = place;
  const { lastInsertRowid } = db
    .query(
      `insert into chunks (collection_id, document_id, ordinal, text, headings, language, start_offset, end_offset, page,
         has_vector) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      place.collectionId,
      place.documentId,
      place.ordinal,
      clean(chunk.text),
      JSON.stringify(chunk.headings.map(clean)),
      chunk.language,
      chunk.startOffset,
      chunk.endOffset,
      chunk.page ?? null,
      vectorState(chunk.vector),
    );
  return Number(lastInsertRowid);
}

/** The document that a source id names in a collection. */
export function findDocument(
  db: Database,
  collectionId: number,
  sourceId: string,
): StoredDocument | undefined {
  const row = db
    .query<DocumentRow, [number, string]>(
      `select ${documentColumns} from documents d join collections n on n.id = d.collection_id
       where d.collection_id = ? and d.source_id = ?`,
    )
    .get(collectionId, clean(sourceId));
  return row ? documentOf(row) : undefined;
}

/** Documents that pass a filter, in the order of their source ids. */
export function listDocuments(
  db: Database,
  collectionId: number,
  { filter, limit }: { filter: Filter; limit: number },
): StoredDocument[] {
  const { sql, values } = filterConditions(filter);
  return db
    .query<DocumentRow, (number | string)[]>(
      `select ${documentColumns} from documents d join collections n on n.id = d.collection_id
       where d.collection_id = ?${sql} order by d.source_id limit ?`,
    )
    .all(collectionId, ...values, limit)
    .map(documentOf);
}

/** Chunks by id, in the order of the ids. */
export function getChunks(db: Database, ids: readonly number[]): StoredChunk[] {
  const rows = db
    .query<ChunkRow, [string]>(
      `select ${chunkColumns} ${joinedChunks} where c.id in (select value from json_each(?))`,
    )
    .all(JSON.stringify(ids));
  const byId = new Map(rows.map((row) => [row.chunk_id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []).map(chunkOf);
}

/** A chunk and those around it in its document. */
export function getNeighbours(db: Database, id: number, around: number): StoredChunk[] {
  return db
    .query<ChunkRow, [number, number, number]>(
      `select ${chunkColumns} ${joinedChunks} join chunks hit on hit.document_id = c.document_id
       where hit.id = ? and c.ordinal between hit.ordinal - ? and hit.ordinal + ? order by c.ordinal`,
    )
    .all(id, around, around)
    .map(chunkOf);
}
