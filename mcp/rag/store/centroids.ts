import { createDotProducts } from "./dotProducts.ts";
import { openNearestRow } from "./nearestRow.ts";

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
const trainingRounds = 6;
/** Vectors of the sample between two turns of other work: some 20 ms. */
const rowsPerTurn = 512;
const mostLists = 4096;
/** Of a million vectors, lists of the root's number would be so long that half as many more are looked at. */
const mostRowsPerList = 250;

/** How many lists an inverted file over `rows` vectors gets; 0 for an exact one. */
export function listCount(rows: number): number {
  if (rows <= exactRowsLimit) return 0;
  // A little more than the root: the collection grows before the next training.
  const root = Math.sqrt(rows * 2);
  return Math.min(mostLists, Math.round(Math.max(root, rows / mostRowsPerList)));
}

/**
 * How many vectors a search looks at, the nearest lists first: 97 of 100 neighbours among 100,000 are in a fourteenth of
 * them. Of a million it is a twenty-fifth, since more would take longer than 25 ms (`bun run bench rag --tasks 1m`).
 */
export function rowsToProbe(rows: number): number {
  return Math.max(4_500, Math.min(rows * 0.1, 3_700 + rows * 0.037));
}

/** How many vectors to train `lists` centroids on. */
export function sampleSize(lists: number): number {
  return Math.min(sampleRowsLimit, lists * sampleRowsPerList);
}

/** The centroids of one generation, with their numbers from 0. */
export interface Centroids {
  readonly lists: number;
  /** The list that a vector goes into: the nearest, or one that is hardly farther. */
  assign(vector: Float32Array): number;
  /** The lists to look into for a query, the nearest first. */
  nearest(query: Float32Array, count: number): number[];
}

/** Puts stored centroids to use. */
export function openCentroids(packed: Float32Array, dimensions: number): Centroids {
  const products = createDotProducts(dimensions);
  const lists = packed.length / dimensions;
  const rows = unpack(packed, dimensions);
  products.setRows(rows);
  let nearestRow: ReturnType<typeof openNearestRow> | undefined;
  return {
    lists,
    // A program that only searches need not group them.
    assign(vector) {
      nearestRow ??= openNearestRow(rows, dimensions);
      return nearestRow(vector);
    },
    nearest: (query, count) => {
      const scores = products.multiply(query);
      return Array.from(scores.keys())
        .sort((one, other) => (scores[other] ?? 0) - (scores[one] ?? 0))
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
  for (let round = 0; round < trainingRounds; round++) {
    signal?.throwIfAborted();
    centroids = await moveCentroids(sample, centroids);
  }
  const packed = new Float32Array(lists * dimensions);
  for (const [list, centroid] of centroids.entries()) packed.set(centroid, list * dimensions);
  return packed;
}

async function moveCentroids(
  sample: readonly Float32Array[],
  centroids: readonly Float32Array[],
): Promise<Float32Array[]> {
  const sums = centroids.map((centroid) => new Float32Array(centroid.length));
  const counts = new Uint32Array(centroids.length);
  const nearestRow = openNearestRow(centroids, centroids[0]?.length ?? 0);
  for (const [row, vector] of sample.entries()) {
    if (row % rowsPerTurn === 0) await Bun.sleep(0);
    const list = nearestRow(vector);
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
  return vector.map((value) => value * factor);
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
