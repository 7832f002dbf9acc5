/** A sparse matrix by rows: the entries of row r are those from `starts[r]` up to `starts[r + 1]`. */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly starts: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

/** A dense matrix, row after row. */
export interface DenseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

export function createDense(rows: number, columns: number): DenseMatrix {
  return { rows, columns, values: new Float32Array(rows * columns) };
}

/** The product of a sparse and a dense matrix. */
export function multiply(left: SparseMatrix, right: DenseMatrix): DenseMatrix {
  const product = createDense(left.rows, right.columns);
  for (let row = 0; row < left.rows; row++) {
    for (let at = left.starts[row] ?? 0; at < (left.starts[row + 1] ?? 0); at++) {
      addRow(product, row, right, left.indices[at] ?? 0, left.values[at] ?? 0);
    }
  }
  return product;
}

/** The product of a sparse matrix's transpose and a dense matrix. */
export function multiplyTransposed(left: SparseMatrix, right: DenseMatrix): DenseMatrix {
  const product = createDense(left.columns, right.columns);
  for (let row = 0; row < left.rows; row++) {
    for (let at = left.starts[row] ?? 0; at < (left.starts[row + 1] ?? 0); at++) {
      addRow(product, left.indices[at] ?? 0, right, row, left.values[at] ?? 0);
    }
  }
  return product;
}

/** Adds `factor` times a row of `from` to a row of `to`; the inner loop of everything here. */
function addRow(
  to: DenseMatrix,
  toRow: number,
  from: DenseMatrix,
  fromRow: number,
  factor: number,
): void {
  const { columns } = from;
  const target = to.values;
  const source = from.values;
  const offset = fromRow * columns - toRow * columns;
  const end = (toRow + 1) * columns;
  for (let at = toRow * columns; at < end; at++) {
    target[at] = (target[at] as number) + factor * (source[at + offset] as number);
  }
}
