import { eigenOfSymmetric, gram, orthonormalise } from "./dense.ts";
import {
  createDense,
  type DenseMatrix,
  multiply,
  multiplyTransposed,
  type SparseMatrix,
} from "./sparse.ts";

/** Directions tried beyond those that are kept, as the method's authors advise. */
const oversampling = 10;
/** How often the sample is sharpened; the spectra of texts fall slowly, and more than this changes no ranking. */
const powerSteps = 1;

/** The largest singular values of a matrix, descending, and their right vectors as the columns of `right`. */
export interface PartialSvd {
  readonly values: Float64Array;
  readonly right: DenseMatrix;
}

/**
 * The first `rank` singular values and right vectors of a sparse matrix by random projection (Halko, Martinsson and
 * Tropp, 2011, algorithms 4.4 and 5.1). The projection's numbers come from a fixed seed: the same matrix gives the same
 * answer everywhere. Directions that the matrix does not have are zero.
 */
export function randomisedSvd(matrix: SparseMatrix, rank: number): PartialSvd {
  const width = Math.min(rank + oversampling, Math.max(1, Math.min(matrix.rows, matrix.columns)));
  let range = orthonormalise(multiply(matrix, randomNoise(matrix.columns, width)));
  for (let step = 0; step < powerSteps; step++) {
    range = orthonormalise(multiply(matrix, multiplyTransposed(matrix, range)));
  }
  // B = Q'A has few rows, so its singular vectors come from the small square BB'.
  const transposed = multiplyTransposed(matrix, range);
  const eigen = eigenOfSymmetric(gram(transposed), width);
  return finish(transposed, eigen, rank);
}

function finish(
  transposed: DenseMatrix,
  eigen: { values: Float64Array; vectors: Float64Array },
  rank: number,
): PartialSvd {
  const width = transposed.columns;
  const kept = Math.min(rank, width);
  const values = new Float64Array(rank);
  const turn = new Float64Array(kept * width);
  const largest = Math.sqrt(Math.max(0, eigen.values[0] ?? 0));
  for (let k = 0; k < kept; k++) {
    const value = Math.sqrt(Math.max(0, eigen.values[k] as number));
    if (value <= largest * 1e-4) continue;
    values[k] = value;
    for (let j = 0; j < width; j++)
      turn[k * width + j] = (eigen.vectors[k * width + j] as number) / value;
  }
  const right = createDense(transposed.rows, rank);
  for (let row = 0; row < transposed.rows; row++) {
    const source = transposed.values.subarray(row * width, (row + 1) * width);
    for (let k = 0; k < kept; k++) {
      let sum = 0;
      for (let j = 0; j < width; j++)
        sum += (source[j] as number) * (turn[k * width + j] as number);
      right.values[row * rank + k] = sum;
    }
  }
  return { values, right };
}

function randomNoise(rows: number, columns: number): DenseMatrix {
  const noise = createDense(rows, columns);
  let state = 0x9e3779b9;
  for (let at = 0; at < noise.values.length; at++) {
    // xorshift32: 32 random bits from three shifts.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    noise.values[at] = state / 2 ** 31;
  }
  return noise;
}
