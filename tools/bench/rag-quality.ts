import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtinSource } from "../../mcp/rag/embed/builtin.ts";
import { chooseEmbedder, embedderSettings } from "../../mcp/rag/embed/choose.ts";
import type { EmbedderSource } from "../../mcp/rag/embed/port.ts";
import { embedIndex } from "../../mcp/rag/ingest/embedIndex.ts";
import { openQueryEmbedding } from "../../mcp/rag/retrieve/queryEmbedding.ts";
import { type SearchContext, search } from "../../mcp/rag/retrieve/search.ts";
import { openStore } from "../../mcp/rag/store/open.ts";
import type { Match, NewDocument, Store } from "../../mcp/rag/store/port.ts";
import { createLogger } from "../../src/core/log.ts";
import { readSettings } from "../../src/core/settings.ts";
import { judge, judgedDepth, meanQuality, type Quality } from "../judged/measures.ts";
import { createPassages, type Passage } from "../judged/passages.ts";
import { createQuestions, type Question, questionKinds } from "../judged/questions.ts";
import type { Measured } from "./rag-speed.ts";
import { type Goal, tableOf } from "./report.ts";

const collection = "judged";
/** How much better than BM25 alone the hybrid search must be, as a factor of nDCG@10. */
const wantedGain = 1.1;
/** A mean over 30 to 60 questions moves by this much with a single question; less is no loss. */
const noise = 0.005;

/** A way of searching: the passages' ids, the best first. */
type Contender = (question: string) => Promise<string[]>;
type Half = "tuned on" | "held out" | "all";
type Scores = Map<string, Map<Question, Quality>>;

/**
 * Measures how well each retriever answers the judged questions: the built-in embedder, and another one where
 * EMBEDDING_MODEL_DIR, or EMBEDDINGS_URL with EMBEDDING_MODEL, names it as for the server.
 */
export async function measureRagQuality(): Promise<Measured> {
  const passages = createPassages();
  const questions = createQuestions(passages).filter(({ kind }) => kind !== "unanswerable");
  const settings = readSettings(embedderSettings, { argv: [], env: process.env });
  const scores: Scores = new Map();
  // By kind: without such settings the chosen one is the built-in one again.
  const sources = new Map(
    [builtinSource, await chooseEmbedder(settings)].map((source) => [source.kind, source]),
  );
  for (const source of sources.values()) {
    const folder = mkdtempSync(join(tmpdir(), "berth-rag-quality-"));
    const store = await openStore(join(folder, "index.db"));
    const context = await buildIndex(store, passages, source);
    for (const [name, find] of Object.entries(contenders(context, source.kind))) {
      const answers = new Map<Question, Quality>();
      for (const question of questions) {
        answers.set(question, judge(await find(question.text), question.relevant));
      }
      scores.set(name, answers);
    }
    await context.embedding.close();
    await store.close();
    rmSync(folder, { recursive: true });
  }
  const set = { passages: passages.length, questions: questions.length };
  const halves = ["all", "held out", "tuned on"] as const;
  const tables = halves.map((half) => tableOfHalf(scores, half));
  return { goals: goals(scores), tables, figures: { set, scores: figures(scores) } };
}

async function buildIndex(
  store: Store,
  passages: readonly Passage[],
  source: EmbedderSource,
): Promise<SearchContext> {
  await store.ensureCollection(collection, "Judged set");
  await store.upsertDocuments(collection, passages.map(documentOf));
  const { problem } = await embedIndex(store, source);
  if (problem !== undefined) throw new Error(`Cannot measure ${source.kind}: ${problem}`);
  return { store, embedding: openQueryEmbedding(store, source, createLogger("bench", "warn")) };
}

function documentOf({ id, title, text, language }: Passage): NewDocument {
  return {
    sourceId: id,
    contentHash: id,
    title,
    source: id,
    facets: {},
    metadata: {},
    chunks: [{ text, headings: [], language, startOffset: 0, endOffset: text.length }],
  };
}

function contenders({ store, embedding }: SearchContext, kind: string): Record<string, Contender> {
  const bounds = { limit: judgedDepth };
  const noVectors = { embed: async () => ({}), close: async () => undefined };
  const wholeSearch = (context: SearchContext) => async (query: string) => {
    const answer = await search(context, { collection, query, topK: judgedDepth, now: new Date() });
    return answer.hits.map(({ chunk }) => chunk.document.sourceId);
  };
  return {
    BM25: async (query) => idsOf(store, await store.searchWords(collection, query, bounds)),
    "lexical (BM25, similar words)": wholeSearch({ store, embedding: noVectors }),
    [`vectors (${kind})`]: async (query) => {
      const { vector } = await embedding.embed(query);
      return vector ? idsOf(store, await store.searchVectors(collection, vector, bounds)) : [];
    },
    [`hybrid (${kind})`]: wholeSearch({ store, embedding }),
  };
}

async function idsOf(store: Store, matches: readonly Match[]): Promise<string[]> {
  const chunks = await store.getChunks(matches.map(({ chunkId }) => chunkId));
  return chunks.map(({ document }) => document.sourceId);
}

function goals(scores: Scores): Goal[] {
  const mean = (name: string, half: Half, kind?: string) =>
    meanOf(scores, name, { half, kind }).ndcg;
  const gains = (["all", "held out"] as const).map((half) => {
    const gain = mean("hybrid (built-in)", half) / mean("BM25", half);
    const measured = `${gain.toFixed(2)}x`;
    return {
      goal: `hybrid at least 1.10x BM25, nDCG@10, ${half}`,
      measured,
      isMet: gain >= wantedGain,
    };
  });
  const kept = (["codes", "typos"] as const).flatMap((kind) =>
    ["BM25", "lexical (BM25, similar words)"].map((rival) => {
      const [ours, theirs] = [mean("hybrid (built-in)", "all", kind), mean(rival, "all", kind)];
      const measured = `${ours.toFixed(3)} to ${theirs.toFixed(3)}`;
      return {
        goal: `hybrid loses nothing to ${rival} on ${kind}`,
        measured,
        isMet: ours >= theirs - noise,
      };
    }),
  );
  return [...gains, ...kept];
}

function meanOf(
  scores: Scores,
  name: string,
  { half, kind }: { half: Half; kind?: string | undefined },
): Quality {
  const answers = [...(scores.get(name) ?? [])].filter(
    ([question]) =>
      (half === "all" || question.isHeldOut === (half === "held out")) &&
      (kind === undefined || question.kind === kind),
  );
  return meanQuality(answers.map(([, quality]) => quality));
}

function tableOfHalf(scores: Scores, half: Half): string {
  const kinds = questionKinds.filter((kind) => kind !== "unanswerable");
  const cell = (quality: Quality) =>
    [quality.ndcg, quality.recall, quality.reciprocalRank].map((one) => one.toFixed(3)).join(" ");
  const rows = [...scores.keys()].map((name) => [
    name,
    cell(meanOf(scores, name, { half })),
    ...kinds.map((kind) => cell(meanOf(scores, name, { half, kind }))),
  ]);
  const head = [`${half}: nDCG@10, recall@10, MRR`, "all kinds", ...kinds];
  return tableOf(head, rows);
}

function figures(scores: Scores): Record<string, Record<string, Quality>> {
  return Object.fromEntries(
    [...scores.keys()].map((name) => [
      name,
      Object.fromEntries(
        (["all", "held out", "tuned on"] as const).map((half) => [
          half,
          meanOf(scores, name, { half }),
        ]),
      ),
    ]),
  );
}
