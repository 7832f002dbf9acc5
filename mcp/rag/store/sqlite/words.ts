import type { Database } from "bun:sqlite";
import type { ChunkId, Match, NewChunk, SearchBounds, StoredChunk } from "../port.ts";
import { indexTerms, type QueryWord, queryWords } from "../terms.ts";
import {
  chooseTerms,
  type Frequencies,
  measuredBy,
  correctWords as nearestWords,
  shareOfWords,
  trigramsOf,
  unknownWords,
} from "../wordChoice.ts";
import { filterConditions } from "./documents.ts";

/** A word of the title or a heading says more about a chunk than one of its text. */
const headWeight = 1.6;
/** How many words of the vocabulary are compared with one that is unknown. */
const candidatesLimit = 60;

/** Changes of what is counted and new words, collected over a transaction: most stems occur in many of its chunks. */
export class WordCounts {
  readonly #stems = new Map<string, number>();
  readonly #words = new Set<string>();
  #chunks = 0;

  /** Counts a chunk with these stems in, or out. */
  add(stems: Iterable<string>, change: 1 | -1): void {
    this.#chunks += change;
    for (const stem of new Set(stems)) this.#stems.set(stem, (this.#stems.get(stem) ?? 0) + change);
  }

  learn(words: Iterable<string>): void {
    for (const word of words) this.#words.add(word);
  }

  save(db: Database, collectionId: number): void {
    const chunks = db.query("update collections set chunks = chunks + ? where id = ?");
    chunks.run(this.#chunks, collectionId);
    const stem = db.query(
      `insert into stems_${collectionId} (stem, chunks) values (?, ?)
       on conflict (stem) do update set chunks = chunks + excluded.chunks`,
    );
    for (const [name, change] of this.#stems) if (change !== 0) stem.run(name, change);
    const word = db.query(
      `insert into vocabulary_${collectionId} (word) values (?) on conflict (word) do nothing returning id`,
    );
    const trigrams = db.query(`insert into trigrams_${collectionId} (rowid, word) values (?, ?)`);
    for (const text of this.#words) {
      const added = word.get(text);
      // A row comes back only for a word that is new.
      if (added) trigrams.run((added as { id: number }).id, text);
    }
  }
}

interface ChunkPlace {
  collectionId: number;
  chunkId: ChunkId;
  title: string;
  chunk: Pick<NewChunk, "text" | "headings" | "language">;
}

/** Puts a chunk's words into its collection's full-text index. */
export function addWords(db: Database, place: ChunkPlace, counts: WordCounts): void {
  const head = indexTerms(headOf(place.title, place.chunk.headings), place.chunk.language);
  const body = indexTerms(place.chunk.text, place.chunk.language);
  db.query(`insert into words_${place.collectionId} (rowid, head, body) values (?, ?, ?)`).run(
    place.chunkId,
    head.stems.join(" "),
    body.stems.join(" "),
  );
  counts.add([...head.stems, ...body.stems], 1);
  counts.learn(head.words);
  counts.learn(body.words);
}

/** Takes a chunk's words out again. Its words stay in the vocabulary, where they only cost room. */
export function removeWords(db: Database, place: ChunkPlace, counts: WordCounts): void {
  const head = indexTerms(headOf(place.title, place.chunk.headings), place.chunk.language);
  const body = indexTerms(place.chunk.text, place.chunk.language);
  db.query(`delete from words_${place.collectionId} where rowid = ?`).run(place.chunkId);
  counts.add([...head.stems, ...body.stems], -1);
}

/** BM25 over the query's words. */
export function searchWords(
  db: Database,
  collectionId: number,
  { query, bounds }: { query: string; bounds: SearchBounds },
): Match[] {
  return searchForms(db, collectionId, { words: queryWords(query), bounds });
}

/** BM25 over the query with its unknown words replaced by known ones that look alike; nothing when all are known. */
export function searchSimilarWords(
  db: Database,
  collectionId: number,
  { query, bounds }: { query: string; bounds: SearchBounds },
): Match[] {
  const words = queryWords(query);
  const corrected = correctWords(db, collectionId, words);
  if (corrected.size === 0) return [];
  const meant = words.map((word) => corrected.get(word.word) ?? word);
  return searchForms(db, collectionId, { words: meant, bounds });
}

/** How much of the query each chunk holds; see the port. */
export function measureCoverage(
  db: Database,
  collectionId: number,
  { query, chunks }: { query: string; chunks: readonly StoredChunk[] },
): Map<ChunkId, number> {
  const words = queryWords(query);
  const corrected = correctWords(db, collectionId, words);
  const meant = words.map((word) => corrected.get(word.word) ?? word);
  const frequencies = readFrequencies(db, collectionId, meant);
  return new Map(
    chunks.map((chunk) => {
      const text = `${headOf(chunk.document.title, chunk.headings)}\n${chunk.text}`;
      const stems = new Set(indexTerms(text, chunk.language).stems);
      const { words, held } = measuredBy(meant, { words: queryWords(text), stems });
      const known = words === meant ? frequencies : readFrequencies(db, collectionId, words);
      return [chunk.id, shareOfWords(words, held, known)];
    }),
  );
}

function searchForms(
  db: Database,
  collectionId: number,
  { words, bounds }: { words: readonly QueryWord[]; bounds: SearchBounds },
): Match[] {
  const stems = chooseTerms(words, readFrequencies(db, collectionId, words));
  if (stems.length === 0) return [];
  // A stem holds letters and digits only; the quotes keep AND, OR, NOT and NEAR from being operators.
  const expression = stems.map((stem) => `"${stem}"`).join(" OR ");
  const { sql, values } = filterConditions(bounds.filter);
  const score = `-bm25(words_${collectionId}, ${headWeight}, 1.0)`;
  const source = sql
    ? `words_${collectionId} w join chunks c on c.id = w.rowid join documents d on d.id = c.document_id`
    : `words_${collectionId} w`;
  return db
    .query<Match, (number | string)[]>(
      `select w.rowid as chunkId, ${score} as score from ${source}
       where words_${collectionId} match ?${sql} order by score desc, w.rowid limit ?`,
    )
    .all(expression, ...values, bounds.limit);
}

function readFrequencies(
  db: Database,
  collectionId: number,
  words: readonly QueryWord[],
): Frequencies {
  const forms = [...new Set(words.flatMap(({ forms }) => forms))];
  const rows = db
    .query<{ stem: string; chunks: number }, [string]>(
      `select stem, chunks from stems_${collectionId} where chunks > 0 and stem in (select value from json_each(?))`,
    )
    .all(JSON.stringify(forms));
  const total = db
    .query<{ chunks: number }, [number]>("select chunks from collections where id = ?")
    .get(collectionId);
  return {
    chunks: total?.chunks ?? 0,
    of: new Map(rows.map(({ stem, chunks }) => [stem, chunks])),
  };
}

/** For each word that the collection does not know, the one that was probably meant. */
function correctWords(
  db: Database,
  collectionId: number,
  words: readonly QueryWord[],
): Map<string, QueryWord> {
  const unknown = unknownWords(words, readFrequencies(db, collectionId, words));
  const candidates = db.query<{ word: string }, [string, number]>(
    `select word from trigrams_${collectionId} where trigrams_${collectionId} match ? order by rank limit ?`,
  );
  return nearestWords(unknown, (word) => {
    const parts = trigramsOf(word).map((part) => `"${part}"`);
    return candidates.all(parts.join(" OR "), candidatesLimit).map((row) => row.word);
  });
}

function headOf(title: string, headings: readonly string[]): string {
  return [title, ...headings].join("\n");
}
