import { createDotProducts, type DotProducts } from "./dotProducts.ts";

/** Fewer rows are all compared: looking for their groups first takes as long. */
const groupedRowsLimit = 800;
/** The share of the groups that is looked into: 87 of 100 vectors get their nearest row, 99 one of the three nearest. */
const shareTried = 0.3;
const groupingRounds = 2;
const leastInteger = -(2 ** 31);

/**
 * Finds the row with the largest product, for filling an inverted file: it looks only into the groups of rows that are
 * nearest, so that now and then it tells a row that is hardly farther than the nearest.
 */
export interface NearestRow {
  setRows(rows: readonly Float32Array[]): void;
  /** The place of the row for a vector. */
  find(vector: Float32Array): number;
}

/** Makes room for rows of `dimensions` numbers. */
export function createNearestRow(dimensions: number): NearestRow {
  const headProducts = createDotProducts(dimensions);
  const rowProducts = createDotProducts(dimensions);
  let order: number[] = [];
  let starts: number[] = [];
  let tried = 1;
  const setRows = (rows: readonly Float32Array[]) => {
    const { heads, members } =
      rows.length < groupedRowsLimit ? oneGroup(rows) : group(rows, headProducts);
    headProducts.setRows(heads);
    order = members.flat();
    rowProducts.setRows(order.map((row) => rows[row] ?? new Float32Array(dimensions)));
    starts = [0];
    for (const { length } of members) starts.push((starts.at(-1) ?? 0) + length);
    tried = Math.max(1, Math.ceil(heads.length * shareTried));
  };
  const find = (vector: Float32Array) => {
    let best = 0;
    let most = Number.NEGATIVE_INFINITY;
    headProducts.setVector(vector);
    rowProducts.setVector(vector);
    for (const at of placesOfMost(headProducts.multiply(), tried)) {
      const start = starts[at] ?? 0;
      const products = rowProducts.multiply(start, starts[at + 1] ?? start);
      const place = placeOfMost(products);
      const product = products[place] ?? Number.NEGATIVE_INFINITY;
      if (product <= most) continue;
      most = product;
      best = order[start + place] ?? 0;
    }
    return best;
  };
  return { setRows, find };
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
function group(rows: readonly Float32Array[], products: DotProducts): Groups {
  const count = Math.round(Math.sqrt(rows.length));
  let heads = rows.filter((_, row) => row % count === 0).slice(0, count);
  let members: number[][] = [];
  for (let round = 0; round < groupingRounds; round++) {
    products.setRows(heads);
    members = heads.map(() => []);
    let row = 0;
    for (const vector of rows) {
      products.setVector(vector);
      members[placeOfMost(products.multiply())]?.push(row++);
    }
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
function placeOfMost(numbers: Int32Array): number {
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
function placesOfMost(numbers: Int32Array, count: number): number[] {
  return Array.from({ length: count }, () => {
    const place = placeOfMost(numbers);
    numbers[place] = leastInteger;
    return place;
  });
}
