/** Bytes of small WebAssembly modules, written by hand: Bun has no SIMD but this. */

/** A module with one memory, exported as `memory`, and one function, exported by its name. */
export interface SmallModule {
  name: string;
  /** How many 32-bit integers the function takes; it returns nothing. */
  parameters: number;
  /** Local variables after the parameters: the integers first, then the 128-bit vectors. */
  locals: { integers: number; vectors: number };
  body: readonly number[];
}

const i32 = 0x7f;
const v128 = 0x7b;

/** The bytes of a module. */
export function assemble({ name, parameters, locals, body }: SmallModule): Uint8Array<ArrayBuffer> {
  const types = [1, 0x60, parameters, ...new Array<number>(parameters).fill(i32), 0];
  const code = [2, locals.integers, i32, locals.vectors, v128, ...body, op.end];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...nameOf("memory"), 2, 0, ...nameOf(name), 0, 0]),
    ...section(10, [1, ...list(code)]),
  ]);
}

/** Numbers of WebAssembly's instructions (core specification, appendix "Index of Instructions"). */
export const op = {
  end: 0x0b,
  branchIf: 0x0d,
  constant: 0x41,
  lessThan: 0x49,
  add: 0x6a,
  subtract: 0x6b,
  storeInteger: 0x36,
  integerLane: [0xfd, 0x1b],
  and: [0xfd, 0x4e],
  countBits: [0xfd, 0x62],
  addBytes: [0xfd, 0x6e],
  /** Sums of neighbours, each twice as wide. */
  widenBytes: [0xfd, 0x7d],
  widenShorts: [0xfd, 0x7f],
  addShorts: [0xfd, 0x8e, 0x01],
  addIntegers: [0xfd, 0xae, 0x01],
  /** Products of shorts, two neighbours added. */
  dotShorts: [0xfd, 0xba, 0x01],
  zeros: [0xfd, 0x0c, ...new Array<number>(16).fill(0)],
} as const;

export const get = (index: number): number[] => [0x20, index];
export const set = (index: number): number[] => [0x21, index];
export const tee = (index: number): number[] => [0x22, index];
/** Runs at least once, and again while the condition that `inner` ends with holds. */
export const loop = (inner: readonly number[]): number[] => [
  ...[0x03, 0x40],
  ...inner,
  ...[op.branchIf, 0, op.end],
];

/** The 16 bytes at a local's address and an offset. */
export const load = (address: number, offset: number): number[] => [
  ...get(address),
  ...[0xfd, 0, 0],
  ...unsignedNumber(offset),
];

/** Adds bytes to a local's address. */
export const advance = (index: number, bytes: number): number[] => [
  ...get(index),
  op.constant,
  ...signedNumber(bytes),
  op.add,
  ...set(index),
];

/** Stores the sum of a vector's four integers at a local's address, and moves the address behind it. */
export const storeSum = (integers: number, address: number): number[] => [
  ...get(address),
  ...[0, 1, 2, 3].flatMap((lane) => [
    ...get(integers),
    ...[...op.integerLane, lane],
    ...(lane > 0 ? [op.add] : []),
  ]),
  ...[op.storeInteger, 2, 0],
  ...advance(address, 4),
];

/** Counts a local down and tells whether it has not come to zero. */
export const countDown = (index: number): number[] => [
  ...get(index),
  ...[op.constant, 1, op.subtract],
  ...tee(index),
];

function section(id: number, content: readonly number[]): number[] {
  return [id, ...list(content)];
}

function list(content: readonly number[]): number[] {
  return [...unsignedNumber(content.length), ...content];
}

function nameOf(text: string): number[] {
  return list([...Buffer.from(text)]);
}

/** Numbers up to 16,383. */
function unsignedNumber(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, value >> 7];
}

/** Numbers up to 8,191; the sign is the highest of seven bits. */
function signedNumber(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, value >> 7];
}
