import { workerUrl } from "../../../src/core/built.ts";
import { listFeatures } from "./features.ts";
import { type FittedModel, type KnownFeatures, placeFeatures, weigh } from "./fit.ts";
import type { FitOrder } from "./fit.worker.ts";
import { decodeModel } from "./fittedModel.ts";
import { refuseOtherModel } from "./mismatch.ts";
import type { Embedder, EmbedderSource } from "./port.ts";

/** The length of the built-in embedder's vectors; more changed no ranking of the judged set by more than noise. */
const builtinDimensions = 256;
/** Texts that it is fitted on at most; more change the directions little and the time much. */
const fitTexts = 10_000;
/** How often larger an index may grow before its model is fitted anew. */
const growthBeforeFit = 2;
/** The same once it is fitted on a sample: the directions settle, and every vector of the index is made again. */
const sampledGrowthBeforeFit = 4;
/** Texts that are embedded in one go: some 10 ms of this thread. */
const pauseTexts = 32;
/** Ids of its models begin so; the rest is their data's hash. */
const idPrefix = "built-in-";

/**
 * The embedder that needs nothing: latent semantic analysis fitted on the collection itself, so that words which
 * occur in like texts lie near each other. Deterministic; fitted again when the collection has grown.
 */
export const builtinSource: EmbedderSource = {
  kind: "built-in",
  open: async (stored) => {
    if (!stored) return undefined;
    if (!stored.data || !stored.id.startsWith(idPrefix)) refuseOtherModel(stored, "built-in");
    return openModel(decodeModel(stored.data), stored.data);
  },
  fit: async (sample, chunks = sample.length) => {
    const data = await fitApart({
      texts: sample.slice(0, fitTexts),
      dimensions: builtinDimensions,
      indexTexts: chunks,
    });
    return openModel(decodeModel(data), data);
  },
  isOutgrown: (stored, chunks) => {
    const { texts } = decodeModel(stored.data ?? new Uint8Array());
    return chunks >= texts * (texts < fitTexts ? growthBeforeFit : sampledGrowthBeforeFit);
  },
};

/** Fits in a worker, so that searches go on meanwhile. */
function fitApart(order: FitOrder): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const worker = new Worker(workerUrl(new URL("./fit.worker.ts", import.meta.url)));
  worker.onmessage = ({ data }: MessageEvent<Uint8Array>) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(`fitting the model failed: ${message}`));
  worker.postMessage(order);
  return promise.finally(() => worker.terminate());
}

/** Lets what waits in this thread have its turn. */
async function pause(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}

function openModel(model: FittedModel, data: Uint8Array): Embedder {
  const known = placeFeatures(model.buckets, model.rarities);
  const embed = (text: string) => embedText(text, model, known);
  return {
    model: {
      id: idPrefix + Bun.hash(data).toString(16).padStart(16, "0"),
      dimensions: model.dimensions,
      documentPrefix: "",
      queryPrefix: "",
      data,
    },
    embedDocuments: async (texts, signal) => {
      const vectors: Float32Array[] = [];
      for (const [at, text] of texts.entries()) {
        if (at % pauseTexts === 0) await pause(signal);
        vectors.push(embed(text));
      }
      return vectors;
    },
    embedQuery: async (text) => embed(text),
    close: async () => undefined,
  };
}

/** The text's vector, of length 1; zero when the model knows none of its features, and then it is near to nothing. */
function embedText(text: string, model: FittedModel, known: KnownFeatures): Float32Array {
  const { dimensions, directions, scales } = model;
  const vector = new Float32Array(dimensions);
  for (const [place, weight] of weigh(listFeatures(text), known)) {
    const factor = weight * (scales[place] as number);
    const start = place * dimensions;
    for (let k = 0; k < dimensions; k++) {
      vector[k] = (vector[k] as number) + factor * (directions[start + k] as number);
    }
  }
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) return vector;
  const length = Math.sqrt(squares);
  for (let k = 0; k < dimensions; k++) vector[k] = (vector[k] as number) / length;
  return vector;
}
