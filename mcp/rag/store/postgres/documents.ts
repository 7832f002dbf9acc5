import { clean } from "../clean.ts";
import type { Filter, NewChunk, NewDocument, StoredChunk, StoredDocument } from "../port.ts";
import { type ChunkRow, chunkOf, type DocumentRow, documentOf } from "../rows.ts";
import { isEmpty, vectorState } from "../vectorRules.ts";
import type { Run } from "./connection.ts";
import { filterConditions } from "./filters.ts";
import { type ChunkVector, deleteVectors, insertVectors } from "./vectors.ts";
import { everyChunk, saveCounts, wordsOf } from "./words.ts";

const documentColumns = `d.source_id, d.content_hash, d.title, d.source, d.facets::text as facets, d.valid_from,
  d.valid_until, d.occurred_at, d.metadata, n.name as collection`;
const chunkColumns = `c.id::float8 as chunk_id, c.ordinal, c.text, c.headings, c.language, c.start_offset, c.end_offset,
  c.page, ${documentColumns}`;
const joinedChunks = `from chunks c join documents d on d.id = c.document_id join collections n on n.id = d.collection_id`;

/** What a transaction changes beside the documents: frequencies, vocabulary and vectors. */
class Changes {
  readonly changes = new Map<string, number>();
  readonly words = new Set<string>();
  readonly vectors: ChunkVector[] = [];

  count(stems: ReadonlySet<string>, change: 1 | -1): void {
    for (const stem of [everyChunk, ...stems])
      this.changes.set(stem, (this.changes.get(stem) ?? 0) + change);
  }
}

/** Writes documents inside the caller's transaction; those whose hash is stored already are left as they are. */
export async function writeDocuments(
  run: Run,
  collectionId: number,
  documents: readonly NewDocument[],
): Promise<{ written: number; unchanged: number }> {
  // Writers of one collection come one after another; readers are not held up.
  await run("select id from collections where id = $1 for update", [collectionId]);
  const changes = new Changes();
  let unchanged = 0;
  for (const document of documents) {
    const [found] = await run<{ id: number; content_hash: string }>(
      "select id::float8 as id, content_hash from documents where collection_id = $1 and source_id = $2",
      [collectionId, clean(document.sourceId)],
    );
    if (found?.content_hash === document.contentHash) {
      unchanged++;
      continue;
    }
    if (found) await removeDocument(run, { collectionId, documentId: found.id, changes });
    const documentId = await insertDocument(run, collectionId, document);
    await insertChunks(run, { collectionId, documentId, document, changes });
  }
  await saveCounts(run, collectionId, changes);
  await insertVectors(run, collectionId, changes.vectors);
  return { written: documents.length - unchanged, unchanged };
}

/** Removes documents by their source ids inside the caller's transaction. */
export async function removeDocuments(
  run: Run,
  collectionId: number,
  sourceIds: readonly string[],
): Promise<number> {
  await run("select id from collections where id = $1 for update", [collectionId]);
  const changes = new Changes();
  const found = await run<{ id: number }>(
    `select id::float8 as id from documents where collection_id = $1
       and source_id in (select jsonb_array_elements_text($2::text::jsonb))`,
    [collectionId, JSON.stringify(sourceIds.map(clean))],
  );
  for (const { id } of found) await removeDocument(run, { collectionId, documentId: id, changes });
  await saveCounts(run, collectionId, changes);
  return found.length;
}

async function removeDocument(
  run: Run,
  place: { collectionId: number; documentId: number; changes: Changes },
): Promise<void> {
  const rows = await run<ChunkRow>(
    `select ${chunkColumns} ${joinedChunks} where c.document_id = $1`,
    [place.documentId],
  );
  for (const chunk of rows.map(chunkOf)) {
    place.changes.count(wordsOf(chunk.document.title, chunk).stems, -1);
  }
  await deleteVectors(
    run,
    place.collectionId,
    rows.map((row) => row.chunk_id),
  );
  await run("delete from documents where id = $1", [place.documentId]);
}

async function insertDocument(
  run: Run,
  collectionId: number,
  document: NewDocument,
): Promise<number> {
  const facets = Object.entries(document.facets).map(([name, value]) => [
    clean(name),
    clean(value),
  ]);
  const [row] = await run<{ id: number }>(
    `insert into documents (collection_id, source_id, content_hash, title, source, facets, valid_from, valid_until,
       occurred_at, metadata) values ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9, $10) returning id::float8 as id`,
    [
      collectionId,
      clean(document.sourceId),
      clean(document.contentHash),
      clean(document.title),
      clean(document.source),
      JSON.stringify(Object.fromEntries(facets)),
      document.validFrom ?? null,
      document.validUntil ?? null,
      document.occurredAt ?? null,
      JSON.stringify(document.metadata),
    ],
  );
  return row?.id ?? 0;
}

async function insertChunks(
  run: Run,
  place: { collectionId: number; documentId: number; document: NewDocument; changes: Changes },
): Promise<void> {
  const { changes, document } = place;
  const rows = document.chunks.map((chunk, ordinal) => {
    const { vector, stems, words } = wordsOf(document.title, chunk);
    changes.count(stems, 1);
    for (const word of words) changes.words.add(word);
    return rowOf(chunk, { ordinal, words: vector });
  });
  const ids = await run<{ id: number; ordinal: number }>(
    `insert into chunks (collection_id, document_id, ordinal, text, headings, language, start_offset, end_offset, page,
       has_vector, words)
     select $1, $2, r.ordinal, r.text, r.headings, r.language, r.start_offset, r.end_offset, r.page, r.has_vector,
       r.words::tsvector
     from jsonb_to_recordset($3::text::jsonb) r (ordinal int, text text, headings text, language text,
       start_offset int, end_offset int, page int, has_vector smallint, words text)
     order by r.ordinal returning id::float8 as id, ordinal`,
    [place.collectionId, place.documentId, JSON.stringify(rows)],
  );
  for (const { id, ordinal } of ids) {
    const vector = document.chunks[ordinal]?.vector;
    if (vector && !isEmpty(vector)) changes.vectors.push({ id, vector });
  }
}

function rowOf(chunk: NewChunk, more: { ordinal: number; words: string }): Record<string, unknown> {
  return {
    ...more,
    text: clean(chunk.text),
    headings: JSON.stringify(chunk.headings.map(clean)),
    language: chunk.language,
    start_offset: chunk.startOffset,
    end_offset: chunk.endOffset,
    page: chunk.page ?? null,
    has_vector: vectorState(chunk.vector),
  };
}

/** The document that a source id names in a collection. */
export async function findDocument(
  run: Run,
  collectionId: number,
  sourceId: string,
): Promise<StoredDocument | undefined> {
  const [row] = await run<DocumentRow>(
    `select ${documentColumns} from documents d join collections n on n.id = d.collection_id
     where d.collection_id = $1 and d.source_id = $2`,
    [collectionId, clean(sourceId)],
  );
  return row ? documentOf(row) : undefined;
}

/** Documents that pass a filter, in the order of their source ids. */
export async function listDocuments(
  run: Run,
  collectionId: number,
  { filter, limit }: { filter: Filter; limit: number },
): Promise<StoredDocument[]> {
  const { sql, values } = filterConditions(filter, 3);
  const rows = await run<DocumentRow>(
    `select ${documentColumns} from documents d join collections n on n.id = d.collection_id
     where d.collection_id = $1${sql} order by d.source_id collate "C" limit $2`,
    [collectionId, limit, ...values],
  );
  return rows.map(documentOf);
}

/** Chunks by id, in the order of the ids. */
export async function getChunks(run: Run, ids: readonly number[]): Promise<StoredChunk[]> {
  const rows = await run<ChunkRow>(
    `select ${chunkColumns} ${joinedChunks}
     where c.id in (select value::bigint from jsonb_array_elements_text($1::text::jsonb))`,
    [JSON.stringify(ids)],
  );
  const byId = new Map(rows.map((row) => [row.chunk_id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []).map(chunkOf);
}

/** A chunk and those around it in its document. */
export async function getNeighbours(run: Run, id: number, around: number): Promise<StoredChunk[]> {
  const rows = await run<ChunkRow>(
    `select ${chunkColumns} ${joinedChunks} join chunks hit on hit.document_id = c.document_id
     where hit.id = $1 and c.ordinal between hit.ordinal - $2::int and hit.ordinal + $2::int order by c.ordinal`,
    [id, around],
  );
  return rows.map(chunkOf);
}
