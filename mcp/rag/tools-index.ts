import * as z from "zod";
import type { Tool } from "../../src/kit/tool.ts";
import { defineRagTool, resultFields } from "./retrieve/present.ts";
import { grantedCollections, type Rag } from "./retrieve/rag.ts";

const listCollections = defineRagTool({
  name: "list_collections",
  title: "List the collections",
  description:
    "Lists the collections that you may search, each with its title and how many documents and passages it holds. " +
    "Their names are what search_knowledge_base takes as collection.",
  input: z.strictObject({}),
  output: z.looseObject({
    ...resultFields,
    collections: z
      .array(
        z.looseObject({
          name: z.string(),
          title: z.string(),
          documents: z.int(),
          chunks: z.int(),
        }),
      )
      .optional(),
  }),
  run: async (_args, rag, { principal }) => ({
    collections: await grantedCollections(rag, principal),
  }),
});

const ragHealthCheck = defineRagTool({
  name: "rag_health_check",
  title: "Check the index",
  description:
    "Tells whether searches work now and with what: the engine, the embedding model, and for each collection you may " +
    "search how many passages lack a vector. Call it when answers are empty or marked as degraded.",
  input: z.strictObject({}),
  output: z.looseObject({
    ...resultFields,
    status: z
      .string()
      .optional()
      .describe("healthy, or degraded while searches go by words alone."),
    engine: z.string().optional(),
    note: z.string().optional(),
    model: z.looseObject({}).nullable().optional(),
    collections: z.array(z.looseObject({ name: z.string() })).optional(),
  }),
  run: async (_args, rag, { principal, signal }) => {
    const { collections, model, engine, isReadOnly } = await rag.store.stats();
    const { problem } = await rag.embedding.embed("health", signal);
    return {
      status: problem === undefined ? "healthy" : "degraded",
      ...(problem !== undefined && { degraded: problem }),
      engine,
      is_read_only: isReadOnly,
      ...(rag.isTemporary && { note: "RAG_DB is not set: this index is empty and temporary." }),
      model: model && { id: model.id, dimensions: model.dimensions },
      collections: collections
        .filter(({ name }) => rag.grants.allows(principal, name))
        .map(({ name, documents, chunks, chunksWithoutVector, index }) => ({
          ...{ name, documents, chunks, index },
          chunks_without_vector: chunksWithoutVector,
        })),
    };
  },
});

/** What there is to search, and how it is. */
export const indexTools: readonly Tool<Rag>[] = [listCollections, ragHealthCheck];
