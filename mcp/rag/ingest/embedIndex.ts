import { AppError, type Fault } from "../../../src/core/fault.ts";
import type { Embedder, EmbedderSource } from "../embed/port.ts";
import type { Store, WorkOptions } from "../store/port.ts";

/** Texts that a model is fitted on at most. */
const sampleLimit = 10_000;

/** Faults of the embedder's world: the index stays searchable by words, and the next run makes the missing vectors. */
const passing: ReadonlySet<Fault> = new Set<Fault>([
  "unavailable",
  "timeout",
  "too_busy",
  "upstream_invalid",
  "unauthorized",
  "forbidden",
  "not_found",
]);

/** What came of giving the chunks their vectors. */
export interface Embedded {
  /** The model of the index; null while it has none. */
  model: string | null;
  /** Vectors that were made. */
  vectors: number;
  /** Why some are missing. */
  problem?: string;
}

/**
 * Gives the index its model, when it has none or has outgrown it, and every chunk its vector.
 * @throws AppError `conflict` when the index was made with another model than the one that is configured.
 */
export async function embedIndex(
  store: Store,
  source: EmbedderSource,
  options: WorkOptions = {},
): Promise<Embedded> {
  const stored = await store.readModel();
  try {
    const chunks = await countChunks(store);
    if (
      stored &&
      source.isOutgrown &&
      isOwn(stored.id, source) &&
      source.isOutgrown(stored, chunks)
    ) {
      return await reembedIndex(store, source, options);
    }
    const embedder = stored ? await source.open(stored) : await firstModel(store, source, chunks);
    if (!embedder) return { model: null, vectors: 0 };
    return await using(embedder, async () => ({
      model: embedder.model.id,
      vectors: await store.embedMissing(
        (texts, signal) => embedder.embedDocuments(texts, signal),
        options,
      ),
    }));
  } catch (error) {
    if (options.signal?.aborted) {
      return { model: stored?.id ?? null, vectors: 0, problem: "stopped before all were made" };
    }
    if (!(error instanceof AppError) || !passing.has(error.fault)) throw error;
    return { model: stored?.id ?? null, vectors: 0, problem: error.message };
  }
}

/** Makes every vector anew with the configured embedder; searches use the old ones until the last is there. */
export async function reembedIndex(
  store: Store,
  source: EmbedderSource,
  options: WorkOptions = {},
): Promise<Embedded> {
  const embedder = await source.fit(await store.sampleTexts(sampleLimit), await countChunks(store));
  return using(embedder, async () => ({
    model: embedder.model.id,
    vectors: await store.reembed(
      embedder.model,
      (texts, signal) => embedder.embedDocuments(texts, signal),
      options,
    ),
  }));
}

/** Only a fitted model outgrows its index, and only one of the configured kind may be replaced unasked. */
function isOwn(id: string, { kind }: EmbedderSource): boolean {
  return id.startsWith(`${kind}-`);
}

async function firstModel(
  store: Store,
  source: EmbedderSource,
  chunks: number,
): Promise<Embedder | undefined> {
  // Nothing to fit on, and nothing to embed.
  if (chunks === 0) return undefined;
  const embedder = await source.fit(await store.sampleTexts(sampleLimit), chunks);
  await store.setModel(embedder.model);
  return embedder;
}

async function countChunks(store: Store): Promise<number> {
  const collections = await store.listCollections();
  return collections.reduce((sum, { chunks }) => sum + chunks, 0);
}

async function using<T>(embedder: Embedder, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await embedder.close();
  }
}
