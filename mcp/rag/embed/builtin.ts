import { listFeatures } from "./features.ts";
import { type FittedModel, fitModel, type KnownFeatures, placeFeatures, weigh } from "./fit.ts";
import { decodeModel, encodeModel } from "./fittedModel.ts";
import { refuseOtherModel } from "./mismatch.ts";
import type { Embedder, EmbedderSource } from "./port.ts";

/** The length of the built-in embedder's vectors; more changed no ranking of the judged set by more than noise. */
const builtinDimensions = 256;
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
  fit: async (sample) => {
    const model = fitModel(sample, builtinDimensions);
    return openModel(model, encodeModel(model));
  },
};

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
    embedDocuments: async (texts) => texts.map(embed),
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
