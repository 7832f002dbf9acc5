import { describe, expect, test } from "bun:test";
import { diversify } from "./diversify.ts";
import { fuseRanks } from "./fuse.ts";
import { recencyFactor } from "./recency.ts";

const list = (...ids: number[]) => ids.map((chunkId) => ({ chunkId, score: 1 }));

describe("fusion", () => {
  test("puts first what all retrievers find, and tells each one's place", () => {
    const fused = fuseRanks([
      { retriever: "words", weight: 1, matches: list(1, 2, 3) },
      { retriever: "vectors", weight: 1, matches: list(4, 2) },
      { retriever: "similar_words", weight: 1, matches: [] },
    ]);
    expect(fused.map(({ chunkId, ranks }) => [chunkId, ranks])).toEqual([
      [2, { words: 2, vectors: 2 }],
      [1, { words: 1 }],
      [4, { vectors: 1 }],
      [3, { words: 3 }],
    ]);
  });

  test("gives 1 to what every retriever puts first", () => {
    const matches = list(7, 8);
    const fused = fuseRanks([
      { retriever: "words", weight: 2, matches },
      { retriever: "vectors", weight: 1, matches },
    ]);
    expect(fused[0]).toEqual({ chunkId: 7, score: 1, ranks: { words: 1, vectors: 1 } });
  });
});

test("diversity prefers what differs from what was chosen", () => {
  const finds = [
    { chunkId: 1, score: 1 },
    { chunkId: 2, score: 0.9 },
    { chunkId: 3, score: 0.5 },
  ];
  const vectors = new Map([
    [1, new Float32Array([1, 0])],
    [2, new Float32Array([1, 0])],
    [3, new Float32Array([0, 1])],
  ]);
  const order = (diversity: number) =>
    diversify(finds, vectors, { diversity, limit: 2 }).map(({ chunkId }) => chunkId);
  expect([order(0), order(0.5)]).toEqual([
    [1, 2],
    [1, 3],
  ]);
});

test("newer precedents gain a little, and dates that are none nothing", () => {
  const now = new Date("2026-01-01T00:00:00Z");
  const days = [
    "2026-01-01T00:00:00Z",
    "2025-01-01T00:00:00Z",
    "2027-01-01T00:00:00Z",
    "soon",
    undefined,
  ];
  expect(days.map((day) => recencyFactor(day, now))).toEqual([1.1, 1.05, 1.1, 1, 1]);
});
