import type { ChunkId, Match } from "../store/port.ts";

/** The retrievers of a hybrid search. */
export type Retriever = "words" | "similar_words" | "vectors";

/** One retriever's finds, the best first, and how much they count. */
export interface RankedList {
  retriever: Retriever;
  weight: number;
  matches: readonly Match[];
}

/** A chunk with what all retrievers say about it. */
export interface Fused {
  chunkId: ChunkId;
  /** 1 when every retriever that found anything puts it first, towards 0 for the last. */
  score: number;
  /** Its place in each list that has it, from 1. */
  ranks: Partial<Record<Retriever, number>>;
}

/** Damps the lead of the first places: a chunk that two retrievers find third beats one that a single one finds first. */
const rankOffset = 20;

/** Fuses lists by weighted reciprocal ranks: scores of different retrievers have no common scale, their ranks have. */
export function fuseRanks(lists: readonly RankedList[]): Fused[] {
  const fused = new Map<ChunkId, Fused>();
  const present = lists.filter(({ matches }) => matches.length > 0);
  const most = present.reduce((sum, { weight }) => sum + weight / (rankOffset + 1), 0);
  for (const { retriever, weight, matches } of present) {
    for (const [index, { chunkId }] of matches.entries()) {
      const entry = fused.get(chunkId) ?? { chunkId, score: 0, ranks: {} };
      entry.score += weight / (rankOffset + index + 1) / most;
      entry.ranks[retriever] = index + 1;
      fused.set(chunkId, entry);
    }
  }
  return [...fused.values()].sort(byScore);
}

/** The best first; equal ones in the order of their ids, so that the same search gives the same answer. */
export function byScore(
  one: { score: number; chunkId: ChunkId },
  other: { score: number; chunkId: ChunkId },
): number {
  return other.score - one.score || one.chunkId - other.chunkId;
}
