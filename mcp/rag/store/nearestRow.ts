import { createDotProducts } from "./dotProducts.ts";

/** Fewer rows are all compared: looking for their groups first takes as long. */
const groupedRowsLimit = 800;
/** The share of the groups that is looked into. */
const shareTried = 0.16;
const groupingRounds = 2;

/**
 * Makes a search for the row with the largest product, for filling an inverted file: it looks only into the groups of rows
 * that are nearest, so that now and then it tells a row that is hardly farther than the nearest.
 */
export function openNearestRow(
  rows: readonly Float32Array[],
  dimensions: number,
): (vector: Float32Array) => number {
  const { heads, members } = rows.length < groupedRowsLimit ? oneGroup(rows) : group(rows);
  const headProducts = createDotProducts(dimensions);
  headProducts.setRows(heads);
  const order = members.flat();
  const rowProducts = createDotProducts(dimensions);
  rowProducts.setRows(order.map((row) => rows[row] ?? new Float32Array(dimensions)));
  const starts = [0];
  for (const { length } of members) starts.push((starts.at(-1) ?? 0) + length);
  const tried = Math.max(1, Math.ceil(heads.length * shareTried));
  return (vector) => {
    let best = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (const at of placesOfMost(headProducts.multiply(vector), tried)) {
      const start = starts[at] ?? 0;
      const products = rowProducts.multiply(vector, start, starts[at + 1] ?? start);
      const place = placeOfMost(products);
      const product = products[place] ?? Number.NEGATIVE_INFINITY;
      if (product <= most) continue;
      most = product;
      best = order[start + place] ?? 0;
    }
    return best;
  };
}

interface Groups {
  /** What stands for each group. */
  heads: Float32Array[];
  /** The rows of each group. */
  members: number[][];
}

function oneGroup(rows: readonly Float32Array[]): Groups {
  return { heads: rows.slice(0, 1), members: [[...rows.keys()]] };
}

/** About as many groups as the root of the rows, each of rows that are near to each other. */
function group(rows: readonly Float32Array[]): Groups {
  const count = Math.round(Math.sqrt(rows.length));
  const products = createDotProducts(rows[0]?.length ?? 0);
  let heads = rows.filter((_, row) => row % count === 0).slice(0, count);
  let members: number[][] = [];
  for (let round = 0; round < groupingRounds; round++) {
    products.setRows(heads);
    members = heads.map(() => []);
    for (const [row, vector] of rows.entries())
      members[placeOfMost(products.multiply(vector))]?.push(row);
    heads = heads.map((head, at) => directionOf(members[at] ?? [], rows) ?? head);
  }
  return { heads, members };
}

/** The direction that some rows have in common, of length 1; undefined without rows. */
function directionOf(
  list: readonly number[],
  rows: readonly Float32Array[],
): Float32Array | undefined {
  const [first, ...others] = list.map((row) => rows[row] ?? new Float32Array());
  if (!first) return undefined;
  const sum = first.slice();
  for (const row of others) {
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + (row[at] ?? 0);
  }
  const length = Math.sqrt(sum.reduce((squares, value) => squares + value * value, 0));
  return length === 0 ? sum : sum.map((value) => value / length);
}

/** The place of the largest number. */
export function placeOfMost(numbers: Float32Array): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < numbers.length; index++) {
    const number = numbers[index] ?? 0;
    if (number <= most) continue;
    most = number;
    best = index;
  }
  return best;
}

/** The places of the largest numbers, the largest first; the numbers are overwritten. */
function placesOfMost(numbers: Float32Array, count: number): number[] {
  return Array.from({ length: count }, () => {
    const place = placeOfMost(numbers);
    numbers[place] = Number.NEGATIVE_INFINITY;
    return place;
  });
}
