import { expect, test } from "bun:test";
import type { SparseMatrix } from "./sparse.ts";
import { randomisedSvd } from "./svd.ts";

function sparse(rows: readonly (readonly number[])[]): SparseMatrix {
  const starts = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const row of rows) {
    for (const [column, value] of row.entries()) {
      if (value === 0) continue;
      indices.push(column);
      values.push(value);
    }
    starts.push(indices.length);
  }
  return {
    rows: rows.length,
    columns: rows[0]?.length ?? 0,
    starts: Uint32Array.from(starts),
    indices: Uint32Array.from(indices),
    values: Float32Array.from(values),
  };
}

const rounded = (numbers: Iterable<number>) =>
  Array.from(numbers, (number) => Math.round(Math.abs(number) * 100) / 100);

test("finds the singular values and right vectors of a matrix whose answer is known by hand", () => {
  const svd = randomisedSvd(
    sparse([
      [3, 0, 0],
      [0, 0, 2],
      [0, 0, 0],
      [0, 1, 0],
    ]),
    3,
  );
  expect(rounded(svd.values)).toEqual([3, 2, 1]);
  expect(rounded(svd.right.values)).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 0]);
});

test("leaves directions that a matrix of lower rank does not have at zero", () => {
  const svd = randomisedSvd(
    sparse([
      [1, 1],
      [2, 2],
      [3, 3],
    ]),
    2,
  );
  expect(rounded(svd.values)).toEqual([5.29, 0]);
  expect(rounded(svd.right.values)).toEqual([0.71, 0, 0.71, 0]);
});

test("spans the same leading space as the exact decomposition of a larger matrix", () => {
  // Rank 5 exactly: every row is a mixture of five patterns, so projecting onto five directions must lose nothing.
  const patterns = Array.from({ length: 5 }, (_, p) =>
    Array.from({ length: 60 }, (_, c) => Math.sin((p + 1) * (c + 1))),
  );
  const rows = Array.from({ length: 200 }, (_, r) =>
    Array.from({ length: 60 }, (_, c) =>
      patterns.reduce((sum, pattern, p) => sum + Math.cos(r * (p + 2)) * (pattern[c] ?? 0), 0),
    ),
  );
  const { right } = randomisedSvd(sparse(rows), 5);
  const lost = rows.map((row) => {
    const coordinates = Array.from({ length: 5 }, (_, k) =>
      row.reduce((sum, value, c) => sum + value * (right.values[c * 5 + k] ?? 0), 0),
    );
    const whole = row.reduce((sum, value) => sum + value * value, 0);
    return Math.abs(whole - coordinates.reduce((sum, value) => sum + value * value, 0)) / whole;
  });
  expect(Math.max(...lost)).toBeLessThan(1e-4);
});

test("gives the same bits twice", () => {
  const rows = [
    [1, 2, 0],
    [0, 1, 1],
    [4, 0, 1],
  ];
  expect(randomisedSvd(sparse(rows), 2)).toEqual(randomisedSvd(sparse(rows), 2));
});
