/** One size of `bun run bench rag-speed`, in a process of its own: the plan as JSON in, the figures as JSON out. */
import { join } from "node:path";
import { search } from "../../mcp/rag/retrieve/search.ts";
import { openStore } from "../../mcp/rag/store/open.ts";
import type { NewDocument, Store } from "../../mcp/rag/store/port.ts";
import { createTexts, createVectors, type Spread } from "./rag-data.ts";
import {
  exactFinder,
  floatLoop,
  type Nearest,
  nearestOf,
  pgvectorFinders,
} from "./rag-speed-peers.ts";

export interface SpeedPlan {
  name: string;
  rows: number;
  spread: Spread;
  folder: string;
  /** Whether a loop over arrays and pgvector are measured too. */
  hasPeers: boolean;
  /** The PostgreSQL with pgvector. */
  pgvectorUrl?: string;
}

export interface SpeedResult {
  name: string;
  searches: { contender: string; p50Ms: number; p95Ms: number; recall?: number }[];
  build: {
    vectorRowsPerSecond: number;
    trainRowsPerSecond: number;
    textRowsPerSecond: number;
    fileMb: number;
    buildMiB: number;
    searchMiB: number;
    writingFactor: number;
  };
}

const dimensions = 384;
const queryCount = 60;
const wordsPerText = 30;
const chunksPerDocument = 20;
const batchRows = 5_000;
/** Chunks that are measured with their text: the rate hardly depends on how many there are. */
const textRows = 40_000;
const wanted = 10;

const plan: SpeedPlan = JSON.parse(process.argv[2] ?? "{}");
const make = { rows: plan.rows, dimensions, seed: 1 };
console.log(JSON.stringify(await measure()));
process.exit(0);

async function measure(): Promise<SpeedResult> {
  const path = join(plan.folder, "index.db");
  const { rates, truth, queries } = await build(path);
  const buildMiB = mostMemoryMiB();
  // What a server holds that only searches is told by one that only searches.
  const searcher = Bun.spawn(
    [process.execPath, import.meta.path.replace("one.ts", "search.ts"), path],
    {
      stdin: new Blob([JSON.stringify(queries.map((query) => [...query]))]),
      stdout: "pipe",
      stderr: "inherit",
    },
  );
  const told: { searchMiB: number; writingFactor: number } = JSON.parse(
    await new Response(searcher.stdout).text(),
  );
  const store = await openStore(path);
  const searches = await timeAll(store, { path, queries, truth });
  const fileMb = (await store.stats()).sizeBytes / 1e6;
  await store.close();
  return { name: plan.name, searches, build: { ...rates, fileMb, buildMiB, ...told } };
}

async function build(path: string) {
  const next = createVectors(plan.spread, make);
  const nextText = createTexts(wordsPerText, 2);
  const store = await openStore(path);
  await store.ensureCollection("c", "Collection");
  await store.setModel({ id: "bench", dimensions, documentPrefix: "", queryPrefix: "" });
  const queriesFrom = createVectors(plan.spread, make);
  // The source's own groups, and rows that are not in the index.
  for (let row = 0; row < 1_000; row++) queriesFrom();
  const queries = Array.from({ length: queryCount }, (_, index) =>
    blend(queriesFrom(), queriesFrom(), index),
  );
  const truth = queries.map((): Nearest[] => []);
  const spent = { withText: 0, withoutText: 0, training: 0 };
  for (let start = 0; start < plan.rows; start += batchRows) {
    const hasText = start < textRows;
    const vectors = Array.from({ length: Math.min(batchRows, plan.rows - start) }, next);
    const documents = documentsOf(vectors, start, () => (hasText ? nextText() : ""));
    nearestOf(vectors, start + 1, queries, truth);
    const beganMs = performance.now();
    await store.upsertDocuments("c", documents, { model: "bench" });
    const trainingMs = performance.now();
    spent[hasText ? "withText" : "withoutText"] += trainingMs - beganMs;
    await store.maintain();
    spent.training += performance.now() - trainingMs;
  }
  await store.close();
  const bare = plan.rows - textRows;
  const rates = {
    vectorRowsPerSecond:
      bare > 0
        ? (bare / (spent.withoutText + (spent.training * bare) / plan.rows)) * 1000
        : Number.NaN,
    trainRowsPerSecond: (plan.rows / spent.training) * 1000,
    textRowsPerSecond: (Math.min(plan.rows, textRows) / spent.withText) * 1000,
  };
  return { rates, truth: truth.map((found) => new Set(found.map(({ id }) => id))), queries };
}

/** A way to search, by its name; undefined where its hits are not compared. */
type Contender = [string, (query: Float32Array) => Promise<number[] | undefined>];

async function timeAll(
  store: Store,
  { path, queries, truth }: { path: string; queries: Float32Array[]; truth: Set<number>[] },
): Promise<SpeedResult["searches"]> {
  const nextQuestion = createTexts(6, 77);
  const embedding = {
    embed: async () => ({
      vector: queries[Math.floor(Math.random() * queries.length)] as Float32Array,
    }),
    close: async () => undefined,
  };
  const inverted = await store.stats();
  const contenders: Contender[] = [
    [
      inverted.collections[0]?.index === "exact" ? "exact (ours, below 20,000)" : "inverted file",
      async (query) =>
        (await store.searchVectors("c", query, { limit: wanted })).map(({ chunkId }) => chunkId),
    ],
    ["exact by vec0", await exactFinder(path)],
    ["words", async () => void (await store.searchWords("c", nextQuestion(), { limit: 40 }))],
    [
      "hybrid",
      async () => {
        const request = { collection: "c", query: nextQuestion(), topK: wanted, now: new Date() };
        await search({ store, embedding }, request);
        return undefined;
      },
    ],
  ];
  const results: SpeedResult["searches"] = [];
  const timeEach = async (several: Contender[]) => {
    for (const [contender, find] of several) {
      console.error(`${plan.name}: ${contender}`);
      results.push({ contender, ...(await time(find, queries, truth)) });
    }
  };
  await timeEach(contenders);
  if (plan.hasPeers) {
    // Made only now: collecting garbage among so many arrays, and PostgreSQL's work after a load, count against nobody else.
    const rows = Array.from({ length: plan.rows }, createVectors(plan.spread, make));
    await timeEach([["Float32Array loop", floatLoop(rows)]]);
    if (plan.pgvectorUrl) await timeEach(await pgvectorFinders(plan.pgvectorUrl, rows));
  }
  return results;
}

async function time(
  find: (query: Float32Array) => Promise<number[] | undefined>,
  queries: readonly Float32Array[],
  truth: readonly Set<number>[],
) {
  for (const query of queries.slice(0, 5)) await find(query);
  const spent: number[] = [];
  let hits = 0;
  let isMeasured = false;
  for (const [index, query] of queries.entries()) {
    const beganMs = performance.now();
    const found = await find(query);
    spent.push(performance.now() - beganMs);
    isMeasured ||= found !== undefined;
    hits += found?.filter((id) => truth[index]?.has(id)).length ?? 0;
  }
  spent.sort((one, other) => one - other);
  const at = (share: number) => spent[Math.floor(spent.length * share)] ?? Number.NaN;
  return {
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    ...(isMeasured && { recall: hits / queries.length / wanted }),
  };
}

function documentsOf(
  vectors: readonly Float32Array[],
  start: number,
  text: () => string,
): NewDocument[] {
  const documents: NewDocument[] = [];
  for (let at = 0; at < vectors.length; at += chunksPerDocument) {
    const chunks = vectors.slice(at, at + chunksPerDocument).map((vector) => {
      const words = text();
      return {
        text: words,
        headings: [],
        language: "en" as const,
        startOffset: 0,
        endOffset: words.length,
        vector,
      };
    });
    const sourceId = `d${start + at}`;
    documents.push({
      ...{
        sourceId,
        contentHash: "1",
        title: "",
        source: sourceId,
        facets: {},
        metadata: {},
        chunks,
      },
    });
  }
  return documents;
}

/** A point near a row that is none: what is asked resembles what is stored and is not it. */
function blend(one: Float32Array, other: Float32Array, index: number): Float32Array {
  const share = plan.spread === "uniform" ? 0 : 0.1 + (index % 3) / 20;
  return one.map((value, at) => value * (1 - share) + (other[at] ?? 0) * share);
}

/** The most that the process has held; the kernel counts in KiB. */
function mostMemoryMiB(): number {
  return process.resourceUsage().maxRSS / 1024;
}
