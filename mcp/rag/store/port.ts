/** What every store of the index can do: the one port that tools, ingest and commands see of a database. */

/** A chunk's number; it grows with every chunk and is never used again. */
export type ChunkId = number;

/** A named set of documents that is searched, granted and rebuilt as one. */
export interface Collection {
  /** Lower-case letters, digits, `-` and `_`, at most 63 characters. */
  name: string;
  title: string;
  documents: number;
  chunks: number;
}

/** The language whose stems are indexed; `other` is indexed as it is written. */
export type Language = "en" | "fr" | "other";

/** What a chunk is cut from; all offsets are UTF-16 units in the document's text. */
export interface NewChunk {
  text: string;
  /** The headings above it, outermost first; they are searched with the text. */
  headings: readonly string[];
  language: Language;
  startOffset: number;
  endOffset: number;
  /** The page it begins on, from 1, where the source has pages. */
  page?: number;
  /** Of the model that the store holds; left out while no embedder answers. Normalised by the store. */
  vector?: Float32Array;
}

/** A document as it is put into the index, whole, in one transaction. */
export interface NewDocument {
  /** Names it in its collection for ever: a path, a row's id. */
  sourceId: string;
  /** Of everything that shapes the chunks; an equal one means that nothing is written. */
  contentHash: string;
  title: string;
  /** Where a person finds it: a path or an address. */
  source: string;
  /** Values that searches filter by, such as `user_id`, `category`, `type`; compared exactly. */
  facets: Readonly<Record<string, string>>;
  /** The first and last day (ISO dates, both included) on which it counts; open where left out. */
  validFrom?: string;
  validUntil?: string;
  /** When what it tells happened, ISO 8601; the recency prior reads it. */
  occurredAt?: string;
  /** What the tools hand on or reason with; see retrieve/records.ts for the claims service's. */
  metadata: Readonly<Record<string, unknown>>;
  /** May be empty: such a document is looked up, never searched. At most 20,000. */
  chunks: readonly NewChunk[];
}

export type StoredDocument = Omit<NewDocument, "chunks"> & { collection: string };

/** A chunk with what a hit needs to tell. */
export interface StoredChunk extends Omit<NewChunk, "vector"> {
  id: ChunkId;
  /** Its place in the document, from 0. */
  ordinal: number;
  document: StoredDocument;
}

/** Which documents a search may find; all conditions hold together. */
export interface Filter {
  /** For each name one of the values. */
  facets?: Readonly<Record<string, readonly string[]>>;
  /** An ISO date on which the document must count. */
  validOn?: string;
  excludeSourceIds?: readonly string[];
}

/** One find of one retriever. The score's scale is the retriever's own; within one answer the best comes first. */
export interface Match {
  chunkId: ChunkId;
  score: number;
}

/** How a search is bounded. */
export interface SearchBounds {
  /** At most this many finds, 1 to 1000. */
  limit: number;
  filter?: Filter;
}

/** The embedding model that every vector of the store was made with. */
export interface ModelRecord {
  id: string;
  dimensions: number;
  documentPrefix: string;
  queryPrefix: string;
  /** A fitted model's own data. */
  data?: Uint8Array;
}

/** Makes vectors for texts, in their order; the store calls it with at most `batchTexts` texts. */
export type EmbedTexts = (
  texts: readonly string[],
  signal?: AbortSignal,
) => Promise<Float32Array[]>;

/** How far a long work of the store is, in chunks. */
export type OnProgress = (done: number, total: number) => void;

export interface StoreStats {
  engine: "sqlite" | "postgres";
  schemaVersion: number;
  isReadOnly: boolean;
  sizeBytes: number;
  model: Omit<ModelRecord, "data"> | null;
  collections: (Collection & {
    /** Chunks that have no vector yet. */
    chunksWithoutVector: number;
    index: "exact" | "inverted-file" | "hnsw";
    /** Lists of the inverted file; 0 when every search is exact. */
    lists: number;
  })[];
}

/** What `verify` looked at and what is wrong; an empty list is a clean index. */
export interface Verdict {
  checked: { collections: number; documents: number; chunks: number; vectors: number };
  problems: string[];
}

/** The index. Every method fails with an AppError that names what was tried; writes fail with it on a read-only one. */
export interface Store {
  listCollections(): Promise<Collection[]>;
  /** Creates the collection unless it is there. */
  ensureCollection(name: string, title: string): Promise<void>;
  deleteCollection(name: string): Promise<boolean>;

  /**
   * Puts documents in place of what their source ids named, all in one transaction. Acknowledged is durable.
   * `model` is the id of the model that made the vectors; mixing is refused with the way out.
   * `cursor` is saved in the same transaction.
   */
  upsertDocuments(
    collection: string,
    documents: readonly NewDocument[],
    options?: { model?: string; cursor?: { name: string; value: string } },
  ): Promise<{ written: number; unchanged: number }>;
  deleteDocuments(collection: string, sourceIds: readonly string[]): Promise<number>;
  /** Every source of a collection with its hash, for skipping what is unchanged and deleting what is gone. */
  listSources(collection: string): Promise<Map<string, string>>;
  findDocument(collection: string, sourceId: string): Promise<StoredDocument | undefined>;
  /** Documents that pass the filter, in the order of their source ids. */
  listDocuments(collection: string, filter: Filter, limit: number): Promise<StoredDocument[]>;

  /** Words and their stems, ranked by BM25. Nothing in the query is syntax. */
  searchWords(collection: string, query: string, bounds: SearchBounds): Promise<Match[]>;
  /** The query's words as they may have been meant: typos and codes, by trigrams of the vocabulary. */
  searchSimilarWords(collection: string, query: string, bounds: SearchBounds): Promise<Match[]>;
  /** Nearest vectors; the score is the cosine. */
  searchVectors(collection: string, query: Float32Array, bounds: SearchBounds): Promise<Match[]>;
  /**
   * For each chunk the share of the query's words that it holds, weighted by their rarity, 0 to 1; where the chunk is
   * shorter, the share of its words that the query holds.
   */
  measureCoverage(
    collection: string,
    query: string,
    ids: readonly ChunkId[],
  ): Promise<Map<ChunkId, number>>;

  /** In the order of the ids; one that is gone is left out. */
  getChunks(ids: readonly ChunkId[]): Promise<StoredChunk[]>;
  /** A chunk and up to `around` chunks before and after it in its document, in their order. */
  getNeighbours(id: ChunkId, around: number): Promise<StoredChunk[]>;
  getVectors(collection: string, ids: readonly ChunkId[]): Promise<Map<ChunkId, Float32Array>>;
  /** Texts spread evenly over all collections, the same ones every time: what an embedder is fitted on. */
  sampleTexts(limit: number): Promise<string[]>;

  readModel(): Promise<ModelRecord | undefined>;
  /** The model's id alone: cheap enough to ask before every search. */
  readModelId(): Promise<string | undefined>;
  /** Sets the model of a store that has no vectors. Changing it later is `reembed`. */
  setModel(model: ModelRecord): Promise<void>;
  /** Gives chunks without a vector one, in transactions of one batch each. */
  embedMissing(embed: EmbedTexts, options?: WorkOptions): Promise<number>;
  /** Makes every vector anew with another model; until the last one is there, searches use the old ones. */
  reembed(model: ModelRecord, embed: EmbedTexts, options?: WorkOptions): Promise<number>;

  readCursor(name: string): Promise<string | undefined>;
  saveCursor(name: string, value: string): Promise<void>;

  /** Trains the vector index anew where a collection has outgrown it, in short transactions. Run it after writing. */
  maintain(options?: WorkOptions): Promise<{ trained: string[] }>;
  stats(): Promise<StoreStats>;
  verify(): Promise<Verdict>;
  /** Writes a consistent copy beside running readers and writers. */
  backup(path: string): Promise<void>;
  close(): Promise<void>;
}

export interface WorkOptions {
  signal?: AbortSignal;
  onProgress?: OnProgress;
}
