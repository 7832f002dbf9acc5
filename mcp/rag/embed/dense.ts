import { createDense, type DenseMatrix } from "./sparse.ts";

/** A pivot below this part of the largest is rounding: its direction is dropped. */
const leastPivot = 1e-7;
/** The largest number of sweeps of the eigenvalue iteration; it converges in 6 to 10. */
const mostSweeps = 30;

/** The product of a matrix's transpose and itself, as a square of 64-bit numbers, row after row. */
export function gram(matrix: DenseMatrix): Float64Array {
  const { rows, columns, values } = matrix;
  const square = new Float64Array(columns * columns);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    for (let i = 0; i < columns; i++) {
      const factor = values[start + i] as number;
      if (factor === 0) continue;
      const offset = i * columns;
      for (let j = i; j < columns; j++) {
        square[offset + j] =
          (square[offset + j] as number) + factor * (values[start + j] as number);
      }
    }
  }
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < i; j++) square[i * columns + j] = square[j * columns + i] as number;
  }
  return square;
}

/**
 * A matrix whose columns are orthonormal and span the same space; columns without a direction of their own become zero.
 * Cholesky QR done twice, since once loses half of the digits.
 */
export function orthonormalise(matrix: DenseMatrix): DenseMatrix {
  return orthonormaliseOnce(orthonormaliseOnce(matrix));
}

function orthonormaliseOnce(matrix: DenseMatrix): DenseMatrix {
  const inverse = inverseOfCholesky(gram(matrix), matrix.columns);
  return multiplyUpper(matrix, inverse);
}

/** The inverse of R in G = R'R, upper triangular; the columns of dropped directions are zero. */
function inverseOfCholesky(square: Float64Array, size: number): Float64Array {
  const upper = new Float64Array(size * size);
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, square[i * size + i] as number);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      let rest = square[i * size + j] as number;
      for (let k = 0; k < i; k++) {
        rest -= (upper[k * size + i] as number) * (upper[k * size + j] as number);
      }
      if (i === j) upper[i * size + i] = rest > largest * leastPivot ? Math.sqrt(rest) : 0;
      else upper[i * size + j] = divide(rest, upper[i * size + i] as number);
    }
  }
  return invertUpper(upper, size);
}

function invertUpper(upper: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    const pivot = upper[j * size + j] as number;
    if (pivot === 0) continue;
    inverse[j * size + j] = 1 / pivot;
    for (let i = j - 1; i >= 0; i--) {
      let sum = 0;
      for (let k = i + 1; k <= j; k++) {
        sum += (upper[i * size + k] as number) * (inverse[k * size + j] as number);
      }
      inverse[i * size + j] = -divide(sum, upper[i * size + i] as number);
    }
  }
  return inverse;
}

function divide(value: number, by: number): number {
  return by === 0 ? 0 : value / by;
}

/** The product of a matrix and an upper triangular square of its width. */
function multiplyUpper(matrix: DenseMatrix, upper: Float64Array): DenseMatrix {
  const { rows, columns, values } = matrix;
  const product = createDense(rows, columns);
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    sums.fill(0);
    for (let i = 0; i < columns; i++) {
      const factor = values[start + i] as number;
      if (factor === 0) continue;
      const offset = i * columns;
      for (let j = i; j < columns; j++) {
        sums[j] = (sums[j] as number) + factor * (upper[offset + j] as number);
      }
    }
    product.values.set(sums, start);
  }
  return product;
}

/** The eigenvalues of a symmetric square in descending order, with their unit vectors as rows of `vectors`. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** Jacobi's rotations: slow on large squares, exact and the same everywhere on the few hundred columns that come here. */
export function eigenOfSymmetric(symmetric: Float64Array, size: number): Eigen {
  const square = symmetric.slice();
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  for (let sweep = 0; sweep < mostSweeps && !isDiagonal(square, size); sweep++) {
    for (let p = 0; p < size - 1; p++) {
      for (let q = p + 1; q < size; q++) rotate(square, vectors, { size, p, q });
    }
  }
  return sortDescending(square, vectors, size);
}

function isDiagonal(square: Float64Array, size: number): boolean {
  let off = 0;
  let on = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const value = square[i * size + j] as number;
      if (i === j) on += value * value;
      else off += value * value;
    }
  }
  return off <= on * 1e-18;
}

/** Turns rows and columns p and q so that their common entry becomes zero. */
function rotate(
  square: Float64Array,
  vectors: Float64Array,
  { size, p, q }: { size: number; p: number; q: number },
): void {
  const common = square[p * size + q] as number;
  if (common === 0) return;
  const theta =
    ((square[q * size + q] as number) - (square[p * size + p] as number)) / (2 * common);
  const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < size; k++) {
    const left = square[k * size + p] as number;
    const right = square[k * size + q] as number;
    square[k * size + p] = cosine * left - sine * right;
    square[k * size + q] = sine * left + cosine * right;
  }
  turnRows(square, { size, p, q, cosine, sine });
  turnRows(vectors, { size, p, q, cosine, sine });
}

function turnRows(
  square: Float64Array,
  turn: { size: number; p: number; q: number; cosine: number; sine: number },
): void {
  const { size, p, q, cosine, sine } = turn;
  for (let k = 0; k < size; k++) {
    const upper = square[p * size + k] as number;
    const lower = square[q * size + k] as number;
    square[p * size + k] = cosine * upper - sine * lower;
    square[q * size + k] = sine * upper + cosine * lower;
  }
}

function sortDescending(square: Float64Array, vectors: Float64Array, size: number): Eigen {
  const order = Array.from({ length: size }, (_, index) => index).sort(
    (a, b) => (square[b * size + b] as number) - (square[a * size + a] as number) || a - b,
  );
  const sorted = new Float64Array(size * size);
  for (const [row, from] of order.entries()) {
    sorted.set(vectors.subarray(from * size, (from + 1) * size), row * size);
  }
  return {
    values: Float64Array.from(order, (i) => square[i * size + i] as number),
    vectors: sorted,
  };
}
