import type { ChunkId, Filter, Match, Store, StoredChunk } from "../store/port.ts";
import { queryWords } from "../store/terms.ts";
import { cosine, diversify } from "./diversify.ts";
import { byScore, type Fused, fuseRanks, type Retriever } from "./fuse.ts";
import type { QueryEmbedding } from "./queryEmbedding.ts";
import { recencyFactor } from "./recency.ts";

/** What a search needs of its surroundings. */
export interface SearchContext {
  store: Store;
  embedding: QueryEmbedding;
}

/** One question to one collection. */
export interface SearchRequest {
  collection: string;
  query: string;
  /** How many documents are wanted. */
  topK: number;
  filter?: Filter;
  /** 0 to 1; see `diversify`. */
  diversity?: number;
  /** Gives newer documents a small advantage. */
  prefersRecent?: boolean;
  now: Date;
  signal?: AbortSignal;
}

/** A document that was found, by its best chunk. */
export interface Hit {
  chunk: StoredChunk;
  /** What it is ranked by, of this search alone: 1 when every retriever puts it first. */
  score: number;
  /** How alike it is to the query, 0 to 1: the cosine or the share of the query's words, whichever says more. */
  similarity: number;
  retrievers: Partial<Record<Retriever, number>>;
}

export interface SearchAnswer {
  hits: Hit[];
  /** Why vectors were left out; absent when they were used or there are none. */
  degraded?: string;
}

/** How much each retriever counts. */
const weights: Readonly<Record<Retriever, number>> = { words: 1, similar_words: 1, vectors: 1 };
/** A find that is less alike says nothing. */
const leastCosine = 0.01;
/** Finds of each retriever that are fused, for each document that is wanted. */
const reserve = 4;
const fewestCandidates = 40;
const mostCandidates = 400;

/** Searches a collection by words, by words that look alike and by vectors, and fuses what they find. */
export async function search(
  { store, embedding }: SearchContext,
  request: SearchRequest,
): Promise<SearchAnswer> {
  const { collection, query, filter, topK } = request;
  const limit = Math.min(mostCandidates, Math.max(fewestCandidates, topK * reserve));
  const bounds = { limit, ...(filter && { filter }) };
  const { vector, problem, isFitted = false } = await embedding.embed(query, request.signal);
  const words = await store.searchWords(collection, query, bounds);
  const similarWords = await store.searchSimilarWords(collection, query, bounds);
  const nearest = vector ? await store.searchVectors(collection, vector, bounds) : [];
  // The rest is there only because something is always nearest.
  const vectors = nearest.filter(({ score }) => score > leastCosine);
  const fused = fuseRanks([
    { retriever: "words", weight: weights.words, matches: words },
    { retriever: "similar_words", weight: weights.similar_words, matches: similarWords },
    ...(asksForCodes(query) && words.length + similarWords.length > 0
      ? []
      : [{ retriever: "vectors" as const, weight: weights.vectors, matches: vectors }]),
  ]);
  const chunks = await store.getChunks(
    fused.slice(0, mostCandidates).map(({ chunkId }) => chunkId),
  );
  const best = await orderDocuments(store, request, bestOfEach(fused, chunks, request));
  const hits = await measure(store, { request, vector, isFitted, matches: nearest, best });
  return { hits, ...(problem !== undefined && { degraded: problem }) };
}

/**
 * Whether at least half of a query's telling words hold digits: such a query asks for just these codes, and what means
 * something alike is no answer. On the judged set this keeps all of BM25's 0.998 on codes; with vectors 0.85 are left.
 */
function asksForCodes(query: string): boolean {
  const words = queryWords(query);
  const coded = words.filter(({ word }) => /\p{N}/u.test(word));
  return coded.length * 2 >= words.length;
}

type Candidate = Fused & { chunk: StoredChunk };

/** The best chunk of each document, the best first. */
function bestOfEach(
  fused: readonly Fused[],
  chunks: readonly StoredChunk[],
  { prefersRecent, now }: SearchRequest,
): Candidate[] {
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk]));
  const seen = new Set<string>();
  const candidates: Candidate[] = [];
  for (const find of fused) {
    const chunk = byId.get(find.chunkId);
    if (!chunk || seen.has(chunk.document.sourceId)) continue;
    seen.add(chunk.document.sourceId);
    const factor = prefersRecent ? recencyFactor(chunk.document.occurredAt, now) : 1;
    candidates.push({ ...find, score: find.score * factor, chunk });
  }
  return candidates.sort(byScore);
}

async function orderDocuments(
  store: Store,
  { collection, topK, diversity = 0 }: SearchRequest,
  candidates: readonly Candidate[],
): Promise<Candidate[]> {
  if (diversity === 0) return candidates.slice(0, topK);
  const ids = candidates.map(({ chunkId }) => chunkId);
  const vectors = await store.getVectors(collection, ids);
  return diversify(candidates, vectors, { diversity, limit: topK });
}

/** Gives each hit its likeness; the cosine of those that the vector search did not find is worked out here. */
async function measure(
  store: Store,
  {
    request: { collection, query },
    vector,
    isFitted,
    matches,
    best,
  }: {
    request: SearchRequest;
    vector: Float32Array | undefined;
    isFitted: boolean;
    matches: readonly Match[];
    best: readonly Candidate[];
  },
): Promise<Hit[]> {
  const ids = best.map(({ chunkId }) => chunkId);
  const coverage = await store.measureCoverage(collection, query, ids);
  const cosines = new Map<ChunkId, number>(matches.map(({ chunkId, score }) => [chunkId, score]));
  const missing = vector ? ids.filter((id) => !cosines.has(id)) : [];
  for (const [id, other] of await store.getVectors(collection, missing)) {
    if (vector && other.length === vector.length) cosines.set(id, cosine(vector, other));
  }
  return best.map(({ chunk, chunkId, score, ranks }) => ({
    chunk,
    score: rounded(Math.min(1, score)),
    similarity: vector
      ? similarityOf(cosines.get(chunkId) ?? 0, coverage.get(chunkId) ?? 0, isFitted)
      : // Without vectors the words alone must tell what is alike.
        rounded(calibrated(coverage.get(chunkId) ?? 0)),
    retrievers: ranks,
  }));
}

/**
 * The cosine or the coverage, whichever is more. A fitted model cannot see the words of a query that it does not know
 * and takes the rest for the whole, so its cosine counts less the fewer of the words are there.
 */
function similarityOf(cosineOfBoth: number, coverage: number, isFitted: boolean): number {
  const meaning = isFitted ? (cosineOfBoth * (1 + coverage)) / 2 : cosineOfBoth;
  // Without a word in common, a model of a small collection finds anything alike.
  const scaled = isFitted && coverage > 0 ? calibrated(meaning) : meaning;
  return rounded(Math.min(1, Math.max(0, scaled, coverage)));
}

/** From here on, two texts of one fitted model are alike more often than not. */
const alikeFrom = 1 / 3;
/** What callers take for alike; the usual `min_similarity` of precedents. */
const alike = 0.7;

/**
 * Brings the cosines of a fitted model to the scale that callers expect of a trained one, in the same order: of claims on
 * the same kind of incident in the judged set it puts 3 of 100 below 0.7, where the bare cosine puts 91.
 */
function calibrated(cosineOfBoth: number): number {
  if (cosineOfBoth <= alikeFrom) return (cosineOfBoth / alikeFrom) * alike;
  return alike + ((cosineOfBoth - alikeFrom) / (1 - alikeFrom)) * (1 - alike);
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
