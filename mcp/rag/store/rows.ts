import type { StoredChunk, StoredDocument } from "./port.ts";

/** A document's row; the columns that hold JSON are still text. */
export interface DocumentRow {
  source_id: string;
  content_hash: string;
  title: string;
  source: string;
  facets: string;
  valid_from: string | null;
  valid_until: string | null;
  occurred_at: string | null;
  metadata: string;
  collection: string;
}

/** A chunk's row with its document's. */
export interface ChunkRow extends DocumentRow {
  chunk_id: number;
  ordinal: number;
  text: string;
  headings: string;
  language: StoredChunk["language"];
  start_offset: number;
  end_offset: number;
  page: number | null;
}

/** The document of a row. */
export function documentOf(row: DocumentRow): StoredDocument {
  return {
    collection: row.collection,
    sourceId: row.source_id,
    contentHash: row.content_hash,
    title: row.title,
    source: row.source,
    facets: JSON.parse(row.facets),
    ...(row.valid_from !== null && { validFrom: row.valid_from }),
    ...(row.valid_until !== null && { validUntil: row.valid_until }),
    ...(row.occurred_at !== null && { occurredAt: row.occurred_at }),
    metadata: JSON.parse(row.metadata),
  };
}

/** The chunk of a row. */
export function chunkOf(row: ChunkRow): StoredChunk {
  return {
    id: row.chunk_id,
    ordinal: row.ordinal,
    text: row.text,
    headings: JSON.parse(row.headings),
    language: row.language,
    startOffset: row.start_offset,
    endOffset: row.end_offset,
    ...(row.page !== null && { page: row.page }),
    document: documentOf(row),
  };
}
