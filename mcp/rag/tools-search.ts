import * as z from "zod";
import { AppError } from "../../src/core/fault.ts";
import type { Tool } from "../../src/kit/tool.ts";
import type { Masker } from "./retrieve/mask.ts";
import { personsOf } from "./retrieve/persons.ts";
import {
  defineRagTool,
  hitFields,
  hitOf,
  positionOf,
  resultFields,
  untrusted,
} from "./retrieve/present.ts";
import { checkGrant, openMasker, type Rag } from "./retrieve/rag.ts";
import { collections } from "./retrieve/records.ts";
import { type Hit, search } from "./retrieve/search.ts";
import type { StoredChunk } from "./store/port.ts";

/** A longer question is a document; the store reads the first 20,000 characters of a claim's text at most. */
export const queryCharacters = 20_000;
/** The most text of one document that a result carries, in characters. */
const contentCharacters = 8_000;

const searchKnowledgeBase = defineRagTool({
  name: "search_knowledge_base",
  title: "Search a knowledge base",
  description:
    "Finds the passages that answer a question, by words, spelling and meaning together: policy rules in the " +
    "knowledge base, or any other collection that list_collections names. Returns at most top_k documents, the best " +
    "first, each with its best passage; articles that are not in force today are left out. " +
    "Call get_chunk with a chunk_id to read on around a passage.",
  input: z.strictObject({
    query: z
      .string()
      .min(1)
      .max(queryCharacters)
      .describe("The question in words, English or French; codes count."),
    top_k: z.int().min(1).max(50).default(5).describe("At most this many documents, 1 to 50."),
    category: z
      .union([z.string(), z.null()])
      .default(null)
      .describe("Only documents of this category, for example Coverage; leave out for all."),
    collection: z
      .string()
      .default(collections.articles)
      .describe("The collection to search; leave out for the knowledge base."),
    diversity: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe("0 ranks by fit alone; up to 1 prefers documents that differ from each other."),
  }),
  output: z.looseObject({
    ...resultFields,
    articles: z
      .array(
        z.looseObject({
          id: z.string(),
          title: z.string(),
          content: z.string(),
          category: z.string().nullable(),
          similarity_score: z.number(),
          ...hitFields,
        }),
      )
      .optional(),
    total_found: z.int().optional(),
    search_params: z.looseObject({}).optional(),
  }),
  run: async ({ query, top_k, category, collection, diversity }, rag, { principal, signal }) => {
    checkGrant(rag, collection, principal);
    const now = rag.now();
    const filter = {
      validOn: now.toISOString().slice(0, 10),
      ...(category && { facets: { category: [category.trim().toLowerCase()] } }),
    };
    const request = { collection, query, topK: top_k, filter, diversity, now, signal };
    const { hits, degraded } = await search(rag, request);
    const masker = openMasker(
      rag,
      await personsOf(
        rag,
        hits.map(({ chunk }) => chunk),
      ),
    );
    const articles = hits.map((hit) => articleOf(hit, masker));
    return {
      ...untrusted,
      articles,
      total_found: articles.length,
      search_params: { query: masker.text(query), top_k, category, collection, diversity },
      ...(degraded !== undefined && { degraded }),
    };
  },
});

function articleOf(hit: Hit, masker: Masker): Record<string, unknown> {
  const { document, text } = hit.chunk;
  // An article of the claims service is short and wanted whole; of any other document the passage is.
  const whole = document.metadata.content;
  const content = typeof whole === "string" ? whole : text;
  const { category } = document.metadata;
  return {
    id: document.sourceId,
    title: masker.text(document.title),
    content: masker.text(content).slice(0, contentCharacters),
    category: typeof category === "string" ? category : (document.facets.category ?? null),
    similarity_score: hit.similarity,
    ...hitOf(hit, masker),
  };
}

const getChunk = defineRagTool({
  name: "get_chunk",
  title: "Get a passage with its neighbours",
  description:
    "Returns the passage with this chunk_id and those before and after it in its document, in their order. Use it " +
    "when a hit of a search ends in the middle of what you need.",
  input: z.strictObject({
    chunk_id: z.int().min(1).describe("The chunk_id of a hit."),
    around: z
      .int()
      .min(0)
      .max(10)
      .default(1)
      .describe("How many passages before and after it, 0 to 10."),
  }),
  output: z.looseObject({
    ...resultFields,
    document: z.looseObject({ id: z.string(), title: z.string(), source: z.string() }).optional(),
    chunks: z.array(z.looseObject({ chunk_id: z.int(), text: z.string() })).optional(),
  }),
  run: async ({ chunk_id, around }, rag, { principal }) => {
    const chunks = await rag.store.getNeighbours(chunk_id, around);
    const hit = chunks.find(({ id }) => id === chunk_id);
    if (!hit || !rag.grants.allows(principal, hit.document.collection)) throw noSuchChunk(chunk_id);
    const masker = openMasker(rag, await personsOf(rag, chunks));
    const { collection, sourceId, title, source } = hit.document;
    return {
      ...untrusted,
      document: { id: sourceId, title: masker.text(title), source, collection },
      chunks: chunks.map((chunk) => passageOf(chunk, masker)),
    };
  },
});

function passageOf(chunk: StoredChunk, masker: Masker): Record<string, unknown> {
  return { chunk_id: chunk.id, text: masker.text(chunk.text), position: positionOf(chunk, masker) };
}

function noSuchChunk(id: number): AppError {
  return new AppError("not_found", `Cannot get chunk ${id}: there is none`, {
    hint: "Search again: a document that was indexed anew has new chunks.",
  });
}

/** Search in any collection, and reading on. */
export const searchTools: readonly Tool<Rag>[] = [searchKnowledgeBase, getChunk];
