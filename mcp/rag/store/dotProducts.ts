/**
 * Dot products of one vector with many rows, by 128-bit SIMD. Training and filling an inverted file is nothing else, and
 * plain JavaScript takes four to six times as long.
 */
export interface DotProducts {
  /** Copies rows in; they stay until the next call. All have the same length. */
  setRows(rows: readonly Float32Array[]): void;
  /** One product for each row from `start` to before `end`, in their order; overwritten by the next call. */
  multiply(vector: Float32Array, start?: number, end?: number): Float32Array;
}

/** Numbers that the kernel takes at once; shorter rows are filled up with zeros. */
const laneCount = 16;
const pageBytes = 65_536;

/** Makes room for rows of `dimensions` numbers. */
export function createDotProducts(dimensions: number): DotProducts {
  const width = Math.ceil(dimensions / laneCount) * laneCount;
  const { memory, dots } = new WebAssembly.Instance(compiled()).exports as unknown as KernelExports;
  // Layout: the vector, the products, the rows.
  let count = 0;
  const rowsAt = () => width * 4 + Math.ceil((count * 4) / 64) * 64;
  return {
    setRows(rows) {
      count = rows.length;
      const bytes = rowsAt() + count * width * 4;
      const missing = bytes - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
      const all = new Float32Array(memory.buffer);
      all.fill(0);
      for (const [index, row] of rows.entries()) all.set(row, rowsAt() / 4 + index * width);
    },
    multiply(vector, start = 0, end = count) {
      new Float32Array(memory.buffer, 0, width).set(vector);
      const rows = rowsAt() + start * width * 4;
      if (end > start) dots(0, rows, end - start, width * 4, width * 4);
      return new Float32Array(memory.buffer, width * 4, end - start);
    },
  };
}

interface KernelExports {
  memory: WebAssembly.Memory;
  dots(vector: number, rows: number, count: number, rowBytes: number, out: number): void;
}

let kernel: WebAssembly.Module | undefined;

function compiled(): WebAssembly.Module {
  kernel ??= new WebAssembly.Module(kernelBytes());
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

/** The module with one memory and one function:
 *
 * ```
 * do { sums = 0; at = vector; end = vector + rowBytes;
 *      do { sums[i] += load(at + 16 i) * load(rows + 16 i), i = 0..3; at += 64; rows += 64 } while (at < end)
 *      store(out, all lanes of all sums); out += 4 } while (--count)
 * ```
 */
function kernelBytes(): Uint8Array<ArrayBuffer> {
  const i32 = 0x7f;
  const v128 = 0x7b;
  const type = section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 0]);
  const code = [...list([[2, 2, i32, 4, v128], body()].flat())];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...type,
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name("memory"), 2, 0, ...name("dots"), 0, 0]),
    ...section(10, [1, ...code]),
  ]);
}

function body(): number[] {
  const sums = [0, 1, 2, 3].map((index) => local.sums + index);
  return [
    ...loop([
      ...sums.flatMap((sum) => [...zeros, ...set(sum)]),
      ...get(local.vector),
      ...set(local.at),
      ...[...get(local.vector), ...get(local.rowBytes), op.add, ...set(local.end)],
      ...loop([
        ...sums.flatMap((sum, index) => multiplyAdd(sum, index * 16)),
        ...advance(local.at, 64),
        ...advance(local.rows, 64),
        ...[...get(local.at), ...get(local.end), op.lessThan, op.branchIf, 0],
      ]),
      ...get(local.out),
      ...sums.flatMap((sum, index) => [...get(sum), ...(index > 0 ? op.addLanes : [])]),
      ...set(local.sums),
      ...[0, 1, 2, 3].flatMap((lane) => [
        ...get(local.sums),
        ...[0xfd, 0x1f, lane],
        ...(lane > 0 ? [op.addFloats] : []),
      ]),
      ...[op.storeFloat, 2, 0],
      ...advance(local.out, 4),
      ...[...get(local.count), op.constant, 1, op.subtract, ...tee(local.count), op.branchIf, 0],
    ]),
    op.end,
  ];
}

/** Numbers of WebAssembly's instructions (core specification, appendix "Index of Instructions"). */
const op = {
  end: 0x0b,
  branchIf: 0x0d,
  constant: 0x41,
  lessThan: 0x49,
  add: 0x6a,
  subtract: 0x6b,
  addFloats: 0x92,
  storeFloat: 0x38,
  addLanes: [0xfd, 0xe4, 0x01],
  multiplyLanes: [0xfd, 0xe6, 0x01],
} as const;
const zeros: readonly number[] = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];

const get = (index: number): number[] => [0x20, index];
const set = (index: number): number[] => [0x21, index];
const tee = (index: number): number[] => [0x22, index];
const loop = (inner: readonly number[]): number[] => [0x03, 0x40, ...inner, op.end];
const loadLanes = (address: number, offset: number): number[] => [
  ...get(address),
  0xfd,
  0,
  4,
  offset,
];
const advance = (index: number, bytes: number): number[] => [
  ...get(index),
  op.constant,
  ...signedNumber(bytes),
  op.add,
  ...set(index),
];

function multiplyAdd(sum: number, offset: number): number[] {
  const product = [
    ...loadLanes(local.at, offset),
    ...loadLanes(local.rows, offset),
    ...op.multiplyLanes,
  ];
  return [...get(sum), ...product, ...op.addLanes, ...set(sum)];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...list(content)];
}

function list(content: readonly number[]): number[] {
  return [...unsignedNumber(content.length), ...content];
}

function name(text: string): number[] {
  return list([...Buffer.from(text)]);
}

function unsignedNumber(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsignedNumber(value >> 7)];
}

/** Numbers up to 8191; the sign is the highest of seven bits. */
function signedNumber(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, value >> 7];
}
