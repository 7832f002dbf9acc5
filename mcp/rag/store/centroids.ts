import { createDotProducts, unit } from "./dotProducts.ts";
import { createNearestRow, type NearestRow } from "./nearestRow.ts";

/** Below this many vectors every search looks at all of them: it is exact and takes under 10 ms. */
export const exactRowsLimit = 20_000;
/**
 * How often larger the collection may grow before its centroids are trained again. At 4, lists of 25,000 vectors had to
 * do for 100,000: a search took 7 ms for the recall that takes 3 ms with lists of 100,000.
 */
export const growthBeforeTraining = 3;
/** Vectors that are looked at per list in training. */
const sampleRowsPerList = 24;
const sampleRowsLimit = 32_768;
/** More win little, since a search looks at many lists. */
const trainingRounds = 4;
/** Vectors of the sample between two turns of other work: some 20 ms. */
const rowsPerTurn = 512;
const mostLists = 4096;

/** How many lists an inverted file over `rows` vectors gets; 0 for an exact one. */
export function listCount(rows: number): number {
  if (rows <= exactRowsLimit) return 0;
  // A little more than the root: the collection grows before the next training.
  return Math.min(mostLists, Math.round(Math.sqrt(rows * 2)));
}

/**
 * How many vectors' codes a search looks at, the nearest lists first. Of 100,000 a tenth holds 97 of 100 neighbours and a
 * fifth 99; of a million a seventh holds 96, and takes under 20 ms (`bun run bench rag`).
 */
export function rowsToProbe(rows: number): number {
  return Math.min(rows * 0.2, 6_000 + rows * 0.14);
}

/** How many vectors to train `lists` centroids on. */
export function sampleSize(lists: number): number {
  return Math.min(sampleRowsLimit, lists * sampleRowsPerList);
}

/** A list with the dot product of its centroid and a query. */
export interface NearList {
  list: number;
  product: number;
}

/** The centroids of an inverted file, with their numbers from 0. */
export interface Centroids {
  readonly lists: number;
  at(list: number): Float32Array;
  /** The list that a vector goes into: the nearest, or one that is hardly farther. */
  assign(vector: Float32Array): number;
  /** The lists to look into for a query, the nearest first. */
  nearest(query: Float32Array, count: number): NearList[];
}

/** Puts stored centroids to use. */
export function openCentroids(packed: Float32Array, dimensions: number): Centroids {
  const products = createDotProducts(dimensions);
  const lists = packed.length / dimensions;
  const rows = unpack(packed, dimensions);
  products.setRows(rows);
  let nearestRow: NearestRow | undefined;
  return {
    lists,
    at: (list) => at(rows, list),
    // A program that only searches need not group them.
    assign(vector) {
      if (!nearestRow) {
        nearestRow = createNearestRow(dimensions);
        nearestRow.setRows(rows);
      }
      return nearestRow.find(vector);
    },
    nearest: (query, count) => {
      products.setVector(query);
      return Array.from(products.multiply(), (dots, list) => ({ list, product: dots / unit }))
        .sort((one, other) => other.product - one.product)
        .slice(0, count);
    },
  };
}

/**
 * Spherical k-means: unit vectors that stand for `lists` groups of the sample, one after another in one array. The same
 * sample gives the same centroids. Gives other work of the thread a turn now and then.
 */
export async function trainCentroids(
  sample: readonly Float32Array[],
  lists: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const dimensions = sample[0]?.length ?? 0;
  const step = sample.length / lists;
  let centroids = Array.from({ length: lists }, (_, list) => at(sample, Math.floor(list * step)));
  const nearestRow = createNearestRow(dimensions);
  for (let round = 0; round < trainingRounds; round++) {
    signal?.throwIfAborted();
    nearestRow.setRows(centroids);
    centroids = await moveCentroids(sample, centroids, nearestRow);
  }
  const packed = new Float32Array(lists * dimensions);
  for (const [list, centroid] of centroids.entries()) packed.set(centroid, list * dimensions);
  return packed;
}

async function moveCentroids(
  sample: readonly Float32Array[],
  centroids: readonly Float32Array[],
  nearestRow: NearestRow,
): Promise<Float32Array[]> {
  const sums = centroids.map((centroid) => new Float32Array(centroid.length));
  const counts = new Uint32Array(centroids.length);
  let row = 0;
  for (const vector of sample) {
    if (row++ % rowsPerTurn === 0) await Bun.sleep(0);
    const list = nearestRow.find(vector);
    counts[list] = (counts[list] ?? 0) + 1;
    addTo(at(sums, list), vector);
  }
  return sums.map((sum, list) => {
    // A group that lost all its members starts again at some vector of the sample.
    if (counts[list] === 0) return at(sample, (list * 7919) % sample.length);
    return normalized(sum);
  });
}

/** The vector at length 1; a vector of zeros stays as it is. */
export function normalized(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) return vector;
  const factor = 1 / Math.sqrt(squares);
  // A loop: map() with a function takes ten times as long.
  const unitVector = new Float32Array(vector.length);
  for (let at = 0; at < vector.length; at++) unitVector[at] = (vector[at] ?? 0) * factor;
  return unitVector;
}

function addTo(sum: Float32Array, vector: Float32Array): void {
  for (let index = 0; index < sum.length; index++) {
    sum[index] = (sum[index] ?? 0) + (vector[index] ?? 0);
  }
}

function unpack(packed: Float32Array, dimensions: number): Float32Array[] {
  return Array.from({ length: packed.length / dimensions }, (_, index) =>
    packed.subarray(index * dimensions, (index + 1) * dimensions),
  );
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`No item ${index} of ${items.length}`);
  return item;
}
