/** How well one ranking answers one question. */
export interface Quality {
  /** Normalised discounted cumulative gain of the first ten, gains 3 and 1. */
  ndcg: number;
  /** The part of the relevant passages, of ten at most, that are among the first ten. */
  recall: number;
  /** One over the rank of the first relevant passage of the first ten; 0 without one. */
  reciprocalRank: number;
}

/** How many finds of a ranking are judged. */
export const judgedDepth = 10;

/** Judges the first ten ids of a ranking. */
export function judge(ranking: readonly string[], relevant: ReadonlyMap<string, 1 | 2>): Quality {
  const grades = ranking.slice(0, judgedDepth).map((id) => relevant.get(id) ?? 0);
  const best = [...relevant.values()].sort((a, b) => b - a).slice(0, judgedDepth);
  const first = grades.findIndex((grade) => grade > 0);
  return {
    ndcg: discountedGain(grades) / discountedGain(best),
    recall: grades.filter((grade) => grade > 0).length / best.length,
    reciprocalRank: first < 0 ? 0 : 1 / (first + 1),
  };
}

/** The mean of each measure. */
export function meanQuality(all: readonly Quality[]): Quality {
  const mean = (pick: (one: Quality) => number) =>
    all.reduce((sum, one) => sum + pick(one), 0) / all.length;
  return {
    ndcg: mean((one) => one.ndcg),
    recall: mean((one) => one.recall),
    reciprocalRank: mean((one) => one.reciprocalRank),
  };
}

function discountedGain(grades: readonly number[]): number {
  return grades.reduce((sum, grade, at) => sum + (2 ** grade - 1) / Math.log2(at + 2), 0);
}
