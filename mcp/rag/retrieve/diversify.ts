import type { ChunkId } from "../store/port.ts";

/**
 * Orders finds by maximal marginal relevance: each next one is good and unlike those before it.
 * @param diversity 0 keeps the order, 1 looks at unlikeness alone.
 */
export function diversify<Find extends { chunkId: ChunkId; score: number }>(
  finds: readonly Find[],
  vectors: ReadonlyMap<ChunkId, Float32Array>,
  { diversity, limit }: { diversity: number; limit: number },
): Find[] {
  const left = [...finds];
  const chosen: Find[] = [];
  // For each find its likeness to the most alike of those that are chosen.
  const likeness = new Map<ChunkId, number>();
  while (left.length > 0 && chosen.length < limit) {
    const gain = ({ chunkId, score }: Find) =>
      (1 - diversity) * score - diversity * (likeness.get(chunkId) ?? 0);
    const best = left.reduce((one, other) => (gain(other) > gain(one) ? other : one));
    left.splice(left.indexOf(best), 1);
    chosen.push(best);
    const vector = vectors.get(best.chunkId);
    for (const { chunkId } of left) {
      const other = vectors.get(chunkId);
      if (!vector || !other) continue;
      likeness.set(chunkId, Math.max(likeness.get(chunkId) ?? 0, cosine(vector, other)));
    }
  }
  return chosen;
}

/** The cosine of two unit vectors. */
export function cosine(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}
