import { advance, assemble, countDown, get, load, loop, op, set, storeSum } from "./wasmCode.ts";

/**
 * Dot products of one unit vector with many, by 128-bit SIMD on whole numbers of 16 bits: exact to the fourth decimal.
 * Training and filling an inverted file is nothing else; floats take twice as long, and plain JavaScript ten times.
 */
export interface DotProducts {
  /** Copies rows in; they stay until the next call. All have the same length. */
  setRows(rows: readonly Float32Array[]): void;
  /** The vector that the next products are of. */
  setVector(vector: Float32Array): void;
  /** A product for each row from `start` to before `end`, in their order, 1 being `unit`; overwritten by the next call. */
  multiply(start?: number, end?: number): Int32Array;
}

/** What a number 1 is as a short: two of its squares added still fit into 32 bits. */
const shortUnit = 2 ** 14;
/** The product of a unit vector with itself. */
export const unit: number = shortUnit * shortUnit;
/** Numbers that the kernel takes at once; shorter rows are filled up with zeros. */
const laneCount = 32;
const shortBytes = 2;
const pageBytes = 65_536;

/** Makes room for rows of `dimensions` numbers. */
export function createDotProducts(dimensions: number): DotProducts {
  const rowBytes = Math.ceil(dimensions / laneCount) * laneCount * shortBytes;
  // The module's own exports.
  const { memory, dots } = new WebAssembly.Instance(compiled()).exports as unknown as KernelExports;
  // Layout: the vector, the products, the rows. Views are kept: making one takes as long as several rows.
  let rowsAt = rowBytes;
  let vectorView = new Int16Array(memory.buffer, 0, dimensions);
  let products = new Int32Array(memory.buffer, rowBytes, 0);
  return {
    setRows(rows) {
      rowsAt = rowBytes + Math.ceil((rows.length * 4) / 64) * 64;
      const missing = rowsAt + rows.length * rowBytes - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
      const { buffer } = memory;
      new Uint8Array(buffer).fill(0);
      vectorView = new Int16Array(buffer, 0, dimensions);
      products = new Int32Array(buffer, rowBytes, rows.length);
      let at = rowsAt;
      for (const row of rows) {
        writeShorts(new Int16Array(buffer, at, dimensions), row);
        at += rowBytes;
      }
    },
    setVector: (vector) => writeShorts(vectorView, vector),
    multiply(start = 0, end = products.length) {
      if (end > start) dots(0, rowsAt + start * rowBytes, end - start, rowBytes, rowBytes);
      return end - start === products.length ? products : products.subarray(0, end - start);
    },
  };
}

function writeShorts(shorts: Int16Array, vector: Float32Array): void {
  for (let at = 0; at < vector.length; at++) shorts[at] = Math.round((vector[at] ?? 0) * shortUnit);
}

interface KernelExports {
  memory: WebAssembly.Memory;
  dots(vector: number, rows: number, count: number, rowBytes: number, out: number): void;
}

let kernel: WebAssembly.Module | undefined;

function compiled(): WebAssembly.Module {
  const locals = { integers: 2, vectors: 4 };
  kernel ??= new WebAssembly.Module(
    assemble({ name: "dots", parameters: 5, locals, body: body() }),
  );
  return kernel;
}

/** Parameters and locals of `dots`, by index. */
const local = {
  vector: 0,
  rows: 1,
  count: 2,
  rowBytes: 3,
  out: 4,
  at: 5,
  end: 6,
  sums: 7,
} as const;

/**
 * ```
 * do { sums = 0; at = vector; end = vector + rowBytes;
 *      do { sums[i] += pairs of load(at + 16 i) * load(rows + 16 i), i = 0..3; at += 64; rows += 64 } while (at < end)
 *      store(out, all lanes of all sums); out += 4 } while (--count)
 * ```
 */
function body(): number[] {
  const sums = [0, 1, 2, 3].map((index) => local.sums + index);
  return loop([
    ...sums.flatMap((sum) => [...op.zeros, ...set(sum)]),
    ...[...get(local.vector), ...set(local.at)],
    ...[...get(local.vector), ...get(local.rowBytes), op.add, ...set(local.end)],
    ...loop([
      ...sums.flatMap((sum, index) => multiplyAdd(sum, index * 16)),
      ...advance(local.at, 64),
      ...advance(local.rows, 64),
      ...[...get(local.at), ...get(local.end), op.lessThan],
    ]),
    ...sums.flatMap((sum, index) => [...get(sum), ...(index > 0 ? op.addIntegers : [])]),
    ...set(local.sums),
    ...storeSum(local.sums, local.out),
    ...countDown(local.count),
  ]);
}

function multiplyAdd(sum: number, offset: number): number[] {
  const product = [...load(local.at, offset), ...load(local.rows, offset), ...op.dotShorts];
  return [...get(sum), ...product, ...op.addIntegers, ...set(sum)];
}
