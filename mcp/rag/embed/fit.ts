import { bucketCount, type Features, listFeatures } from "./features.ts";
import type { SparseMatrix } from "./sparse.ts";
import { randomisedSvd } from "./svd.ts";

/** A fitted model: what each known feature weighs and where it points. */
export interface FittedModel {
  readonly dimensions: number;
  /** How many texts the index held when it was fitted; it saw all of them or a sample. */
  readonly texts: number;
  /** The buckets of the known features, ascending. */
  readonly buckets: Uint32Array;
  /** How much rarer than common each feature is (inverse document frequency). */
  readonly rarities: Float32Array;
  /** One row of `dimensions` a feature, each between -127 and 127 of its `scales`. */
  readonly directions: Int8Array;
  readonly scales: Float32Array;
}

/** Features kept at most: those in most texts. It bounds a model to 8 MB and a fit to seconds. */
const mostFeatures = 30_000;
/** A feature in more than this part of the texts says nothing about any. */
const mostShare = 0.4;
/**
 * The power of a direction's singular value that it counts by. Directions that many texts share hold the meaning, weak
 * ones the wording; on the judged set 0.5 found more than 0 (the plain projection), and both far more than -0.5.
 */
const strengthening = 0.5;

/** Fits a model of latent semantic analysis: tf-idf, reduced by a randomised SVD. Deterministic. */
export function fitModel(
  texts: readonly string[],
  { dimensions, indexTexts }: { dimensions: number; indexTexts: number },
): FittedModel {
  // The features of a text are listed twice: to keep those of all would take half a gigabyte.
  const known = chooseFeatures(texts);
  const matrix = weighAll(texts, known);
  const { values, right } = randomisedSvd(matrix, rankFor(texts.length, dimensions));
  const directions = new Int8Array(right.rows * dimensions);
  const scales = new Float32Array(right.rows);
  const row = new Float32Array(dimensions);
  for (let feature = 0; feature < right.rows; feature++) {
    for (let k = 0; k < right.columns; k++) {
      const strength = (values[k] as number) ** strengthening;
      row[k] = (right.values[feature * right.columns + k] as number) * strength;
    }
    scales[feature] = quantise(row, directions.subarray(feature * dimensions));
  }
  const { buckets, rarities } = known;
  return { dimensions, texts: indexTexts, buckets, rarities, directions, scales };
}

/** As many directions as texts would tell every text apart again: meaning lies in having fewer. */
function rankFor(texts: number, dimensions: number): number {
  return Math.min(dimensions, Math.max(1, Math.ceil(texts / 3)));
}

/** The features that a model knows, by bucket. */
export interface KnownFeatures {
  readonly buckets: Uint32Array;
  readonly rarities: Float32Array;
  /** The place of each bucket among the known ones; -1 where it is not known. */
  readonly places: Int32Array;
}

/** Lays out the places of a model's buckets. */
export function placeFeatures(buckets: Uint32Array, rarities: Float32Array): KnownFeatures {
  const places = new Int32Array(bucketCount).fill(-1);
  for (const [place, bucket] of buckets.entries()) places[bucket] = place;
  return { buckets, rarities, places };
}

/** A text's tf-idf weights by place, of length 1; empty when none of its features is known. */
export function weigh(features: Features, known: KnownFeatures): [place: number, weight: number][] {
  const weights: [number, number][] = [];
  let squares = 0;
  for (const [bucket, count] of features) {
    const place = known.places[bucket] ?? -1;
    if (place < 0) continue;
    const weight = Math.log1p(count) * (known.rarities[place] as number);
    weights.push([place, weight]);
    squares += weight * weight;
  }
  const length = Math.sqrt(squares);
  for (const entry of weights) entry[1] /= length;
  return weights.sort((a, b) => a[0] - b[0]);
}

function chooseFeatures(texts: readonly string[]): KnownFeatures {
  const counts = new Uint32Array(bucketCount);
  for (const text of texts) {
    for (const bucket of listFeatures(text).keys()) counts[bucket] = (counts[bucket] as number) + 1;
  }
  const most = Math.max(2, texts.length * mostShare);
  const usable: number[] = [];
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const count = counts[bucket] as number;
    if (count > 0 && count <= most) usable.push(bucket);
  }
  const kept = usable
    .sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b)
    .slice(0, mostFeatures)
    .sort((a, b) => a - b);
  const rarity = (bucket: number) =>
    Math.log((texts.length + 1) / (counts[bucket] as number)) + 0.1;
  return placeFeatures(Uint32Array.from(kept), Float32Array.from(kept, rarity));
}

function weighAll(texts: readonly string[], known: KnownFeatures): SparseMatrix {
  const starts = new Uint32Array(texts.length + 1);
  let indices = new Uint32Array(texts.length * 64);
  let values = new Float32Array(indices.length);
  let at = 0;
  for (const [row, text] of texts.entries()) {
    const entries = weigh(listFeatures(text), known);
    while (at + entries.length > indices.length) {
      indices = grown(indices, new Uint32Array(indices.length * 2 + 64));
      values = grown(values, new Float32Array(values.length * 2 + 64));
    }
    for (const [place, weight] of entries) {
      indices[at] = place;
      values[at++] = weight;
    }
    starts[row + 1] = at;
  }
  return { rows: texts.length, columns: known.buckets.length, starts, indices, values };
}

function grown<T extends Uint32Array | Float32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}

/** Writes the row as 8-bit numbers and returns what one of them stands for. */
function quantise(row: Float32Array, into: Int8Array): number {
  let largest = 0;
  for (const value of row) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 0;
  const scale = largest / 127;
  for (const [k, value] of row.entries()) into[k] = Math.round(value / scale);
  return scale;
}
