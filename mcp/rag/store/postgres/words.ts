import type { ChunkId, Match, NewChunk, SearchBounds, StoredChunk } from "../port.ts";
import { indexTerms, type QueryWord, queryWords } from "../terms.ts";
import {
  chooseTerms,
  correctWords,
  type Frequencies,
  measuredBy,
  rarityOf,
  shareOfWords,
  trigramsOf,
  unknownWords,
} from "../wordChoice.ts";
import type { Run } from "./connection.ts";
import { filterConditions } from "./filters.ts";

/** Positions after this one count as this one (PostgreSQL manual, "Limitations" of text search). */
const lastPosition = 16_383;
/** Words of the vocabulary that are compared with one that is unknown. */
const candidatesLimit = 60;
/** A stem that stands for every chunk: how many there are is looked up like any frequency, since counting takes long. */
export const everyChunk = "";
/** Weights of D, C, B and A: a word of the title or a heading (A) says more than one of the text (D). */
const weights = "{0.6, 0, 0, 1}";

/** A chunk's words: what is stored with it, and what its collection learns from it. */
export interface ChunkWords {
  vector: string;
  stems: Set<string>;
  words: Set<string>;
}

/** Takes a chunk apart; stems are made in code as for SQLite, so that both answer alike. */
export function wordsOf(
  title: string,
  chunk: Pick<NewChunk, "text" | "headings" | "language">,
): ChunkWords {
  const head = indexTerms([title, ...chunk.headings].join("\n"), chunk.language);
  const body = indexTerms(chunk.text, chunk.language);
  // Stems are letters and digits, so that quoting them is enough.
  const lexemes = [
    ...head.stems.map((stem, index) => `'${stem}':${Math.min(index + 1, lastPosition)}A`),
    ...body.stems.map(
      (stem, index) => `'${stem}':${Math.min(head.stems.length + index + 1, lastPosition)}`,
    ),
  ];
  return {
    vector: lexemes.join(" "),
    stems: new Set([...head.stems, ...body.stems]),
    words: new Set([...head.words, ...body.words]),
  };
}

/** Changes the collection's stem frequencies and adds to its vocabulary inside the caller's transaction. */
export async function saveCounts(
  run: Run,
  collectionId: number,
  { changes, words }: { changes: ReadonlyMap<string, number>; words: ReadonlySet<string> },
): Promise<void> {
  const stems = [...changes].filter(([, change]) => change !== 0).sort();
  await run(
    `insert into stems (collection_id, stem, chunks)
     select $1, entry ->> 0, (entry ->> 1)::int from jsonb_array_elements($2::text::jsonb) entry
     on conflict (collection_id, stem) do update set chunks = stems.chunks + excluded.chunks`,
    [collectionId, JSON.stringify(stems)],
  );
  const learned = [...words].sort().map((word) => [word, trigramsOf(word)]);
  await run(
    `insert into vocabulary (collection_id, word, trigrams)
     select $1, entry ->> 0, array(select jsonb_array_elements_text(entry -> 1))
     from jsonb_array_elements($2::text::jsonb) entry on conflict do nothing`,
    [collectionId, JSON.stringify(learned)],
  );
}

/** Ranks chunks by the query's words: each word's own rank, weighted by its rarity. */
export async function searchWords(
  run: Run,
  collectionId: number,
  { query, bounds }: { query: string; bounds: SearchBounds },
): Promise<Match[]> {
  const words = queryWords(query);
  return searchForms(run, collectionId, { words, bounds });
}

/** The same for the query with its unknown words replaced by known ones that look alike. */
export async function searchSimilarWords(
  run: Run,
  collectionId: number,
  { query, bounds }: { query: string; bounds: SearchBounds },
): Promise<Match[]> {
  const words = queryWords(query);
  const corrected = await correct(run, collectionId, words);
  if (corrected.size === 0) return [];
  const meant = words.map((word) => corrected.get(word.word) ?? word);
  return searchForms(run, collectionId, { words: meant, bounds });
}

/** How much of the query each chunk holds; see the port. */
export async function measureCoverage(
  run: Run,
  collectionId: number,
  { query, chunks }: { query: string; chunks: readonly StoredChunk[] },
): Promise<Map<ChunkId, number>> {
  const words = queryWords(query);
  const corrected = await correct(run, collectionId, words);
  const meant = words.map((word) => corrected.get(word.word) ?? word);
  const frequencies = await readFrequencies(run, collectionId, meant);
  const shares = new Map<ChunkId, number>();
  for (const chunk of chunks) {
    const { stems } = wordsOf(chunk.document.title, chunk);
    const text = [chunk.document.title, ...chunk.headings, chunk.text].join("\n");
    const { words, held } = measuredBy(meant, { words: queryWords(text), stems });
    const known = words === meant ? frequencies : await readFrequencies(run, collectionId, words);
    shares.set(chunk.id, shareOfWords(words, held, known));
  }
  return shares;
}

async function searchForms(
  run: Run,
  collectionId: number,
  { words, bounds }: { words: readonly QueryWord[]; bounds: SearchBounds },
): Promise<Match[]> {
  const frequencies = await readFrequencies(run, collectionId, words);
  const stems = chooseTerms(words, frequencies);
  if (stems.length === 0) return [];
  const { sql, values } = filterConditions(bounds.filter, 5);
  const weighted = stems.map((stem) => [`'${stem}'`, rarityOf(frequencies, stem)]);
  return run<Match>(
    `with terms as (
       select (entry ->> 0)::tsquery as term, (entry ->> 1)::float8 as rarity
       from jsonb_array_elements($3::text::jsonb) entry)
     select c.id::float8 as "chunkId",
       (select sum(ts_rank('${weights}', c.words, term, 1) * rarity) from terms) as score
     from chunks c join documents d on d.id = c.document_id
     where c.collection_id = $1 and c.words @@ $2::text::tsquery${sql} order by score desc, c.id limit $4`,
    [
      collectionId,
      stems.map((stem) => `'${stem}'`).join(" | "),
      JSON.stringify(weighted),
      bounds.limit,
      ...values,
    ],
  );
}

async function readFrequencies(
  run: Run,
  collectionId: number,
  words: readonly QueryWord[],
): Promise<Frequencies> {
  const forms = [...new Set(words.flatMap(({ forms }) => forms))];
  const rows = await run<{ stem: string; chunks: number }>(
    `select stem, chunks from stems where collection_id = $1 and chunks > 0
       and stem in (select jsonb_array_elements_text($2::text::jsonb))`,
    [collectionId, JSON.stringify(forms)],
  );
  const [total] = await run<{ chunks: number }>(
    "select chunks from stems where collection_id = $1 and stem = $2",
    [collectionId, everyChunk],
  );
  return {
    chunks: total?.chunks ?? 0,
    of: new Map(rows.map(({ stem, chunks }) => [stem, chunks])),
  };
}

async function correct(
  run: Run,
  collectionId: number,
  words: readonly QueryWord[],
): Promise<Map<string, QueryWord>> {
  const unknown = unknownWords(words, await readFrequencies(run, collectionId, words));
  const found = new Map<string, string[]>();
  for (const { word } of unknown) {
    const rows = await run<{ word: string }>(
      `with wanted as (select array(select jsonb_array_elements_text($2::text::jsonb)) as trigrams)
       select word from vocabulary v, wanted w where v.collection_id = $1 and v.trigrams && w.trigrams
       order by (select count(*) from unnest(v.trigrams) t where t = any (w.trigrams)) desc, length(word)
       limit ${candidatesLimit}`,
      [collectionId, JSON.stringify(trigramsOf(word))],
    );
    found.set(
      word,
      rows.map((row) => row.word),
    );
  }
  return correctWords(unknown, (word) => found.get(word) ?? []);
}
