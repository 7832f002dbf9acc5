import { expect, test } from "bun:test";
import { createVectors } from "../../../tools/bench/rag-data.ts";
import { listCount, openCentroids, trainCentroids } from "./centroids.ts";

test.each([
  [20_000, 0],
  [20_001, 200],
  [100_000, 447],
  [500_000, 1000],
  [10_000_000, 4096],
])("%d vectors get %d lists", (rows, lists) => {
  expect(listCount(rows)).toBe(lists);
});

// Above 800 lists a vector's list is looked for in groups of lists.
test.each([
  [60, 1],
  [1_000, 4],
])("of %d lists, a vector goes into one of the %d nearest", async (lists, nearest) => {
  const dimensions = 24;
  const next = createVectors("clustered", { rows: 20_000, dimensions, seed: 5 });
  const sample = Array.from({ length: lists * 4 }, next);
  const centroids = openCentroids(await trainCentroids(sample, lists), dimensions);
  const vectors = Array.from({ length: 500 }, next);
  const placed = vectors.filter((vector) =>
    centroids.nearest(vector, nearest).some(({ list }) => list === centroids.assign(vector)),
  );
  const again = openCentroids(await trainCentroids(sample, lists), dimensions);
  expect({
    lists: centroids.lists,
    // At most one in fifty is placed farther away.
    isNear: placed.length >= vectors.length * (nearest === 1 ? 1 : 0.98),
    isSame: vectors.every((vector) => again.assign(vector) === centroids.assign(vector)),
  }).toEqual({ lists, isNear: true, isSame: true });
});
