import { AppError } from "../../../src/core/fault.ts";
import type { Logger } from "../../../src/core/log.ts";
import type { Embedder, EmbedderSource } from "../embed/port.ts";
import { normalized } from "../store/centroids.ts";
import type { Store } from "../store/port.ts";

/** A query's vector, or why there is none. Without either there is nothing to search. */
export interface EmbeddedQuery {
  vector?: Float32Array;
  problem?: string;
  /** The model was fitted on the index itself: it knows no words but the index's. */
  isFitted?: boolean;
}

/** Embeds queries with the model of the index, whichever that is at the moment. */
export interface QueryEmbedding {
  embed(query: string, signal?: AbortSignal): Promise<EmbeddedQuery>;
  close(): Promise<void>;
}

/** How much of a query is embedded, in characters: models read some hundred words, and endpoints refuse much more. */
const embeddedCharacters = 8_000;

/** Faults of an embedder's world, without which a search goes on by words. */
const passing: ReadonlySet<string> = new Set([
  "unavailable",
  "timeout",
  "too_busy",
  "upstream_invalid",
  "unauthorized",
  "forbidden",
  "conflict",
  "not_found",
]);

/** Opens the embedder when the first query comes, and again when the index has been embedded anew by another process. */
export function openQueryEmbedding(
  store: Store,
  source: EmbedderSource,
  log: Logger,
): QueryEmbedding {
  let current: { id: string; embedder: Promise<Embedder | undefined> } | undefined;
  const open = async (): Promise<Embedder | undefined> => {
    const id = await store.readModelId();
    if (id === undefined) return undefined;
    if (current?.id !== id) {
      const before = current;
      const embedder = store.readModel().then((model) => source.open(model));
      current = { id, embedder };
      // Queries that are under way may still use it; it is closed when they have had their turn.
      before?.embedder.then((old) => old?.close()).catch(() => undefined);
      embedder.catch(() => {
        if (current?.embedder === embedder) current = undefined;
      });
    }
    return current.embedder;
  };
  return {
    async embed(query, signal) {
      try {
        const embedder = await open();
        if (!embedder) return await withoutModel(store);
        if (query.trim() === "") return {};
        const vector = normalized(
          await embedder.embedQuery(query.slice(0, embeddedCharacters), signal),
        );
        return { vector, isFitted: embedder.model.data !== undefined };
      } catch (error) {
        if (!(error instanceof AppError) || !passing.has(error.fault)) throw error;
        log.warn({ fault: error.fault }, `searching by words alone: ${error.message}`);
        return { problem: `Searched by words alone: ${error.message}` };
      }
    },
    async close() {
      const embedder = await current?.embedder.catch(() => undefined);
      await embedder?.close();
    },
  };
}

/** An index whose embedder never answered has chunks and no model; an empty one lacks nothing. */
async function withoutModel(store: Store): Promise<EmbeddedQuery> {
  const collections = await store.listCollections();
  if (collections.every(({ chunks }) => chunks === 0)) return {};
  return { problem: "Searched by words alone: the index has no vectors yet" };
}
