import { codeBytes, factors, queryLevels } from "./codes.ts";
import {
  advance,
  assemble,
  countDown,
  get,
  load,
  loop,
  op,
  set,
  storeSum,
  tee,
} from "./wasmCode.ts";

/** Codes that fit into the kernel's memory at once. */
const mostCodes = 512;
const pageBytes = 65_536;

/** A row with the estimate of its dot product with the query. */
export interface Estimate {
  id: number;
  score: number;
}

/** Estimates the dot products of one query with many codes and keeps the best. */
export interface CodeScan {
  /** Goes to a list: its rotated centroid, and its dot product with the query. */
  enter(centroid: Float32Array, product: number): void;
  /** Looks at codes of the list, one after another in `codes`; `idAt` names those that count, undefined one that does not. */
  add(codes: Uint8Array, idAt: (place: number) => number | undefined): void;
  /** The best so far, the best first. */
  best(): Estimate[];
}

/** Begins a scan for the `limit` best of a rotated query. */
export function openCodeScan(query: Float32Array, limit: number): CodeScan {
  const width = query.length;
  const bytes = codeBytes(width);
  const kernel = openKernel(width);
  const kept = keepBest(limit);
  // Of the list that was entered.
  let step = 0;
  let base = 0;
  let total = 0;
  return {
    enter(centroid, product) {
      base = product;
      ({ step, total } = quantize(query, centroid, kernel.planes));
    },
    add(codes, idAt) {
      const count = codes.length / bytes;
      const [sums, numbers] = kernel.count(codes, count);
      for (let place = 0; place < count; place++) {
        const behind = (place * bytes + width / 8) / 4;
        const middle = numbers[behind + factors.middle] ?? 0;
        const signed = 2 * step * ((sums[place] ?? 0) - middle) - total;
        const along = signed * (numbers[behind + factors.scale] ?? 0);
        const score = base + along - (numbers[behind + factors.offset] ?? 0);
        if (score > kept.least()) kept.add(score, idAt(place));
      }
    },
    best: kept.best,
  };
}

/** Keeps the best of many estimates; sorted only now and then. */
function keepBest(limit: number) {
  let rows: Estimate[] = [];
  let least = Number.NEGATIVE_INFINITY;
  const sort = () => {
    rows.sort((one, other) => other.score - one.score || one.id - other.id);
    rows = rows.slice(0, limit);
    if (rows.length === limit) least = rows.at(-1)?.score ?? least;
  };
  return {
    least: () => least,
    add(score: number, id: number | undefined) {
      if (id === undefined) return;
      rows.push({ id, score });
      if (rows.length >= limit * 4) sort();
    },
    best() {
      sort();
      return rows;
    },
  };
}

/**
 * Writes the query's difference from a centroid as whole numbers from 0 to 15, their bits in four planes.
 * @returns The size of one step, and the sum of all numbers as they are quantised.
 */
function quantize(query: Float32Array, centroid: Float32Array, planes: Uint8Array) {
  let most = 0;
  for (let at = 0; at < query.length; at++) {
    most = Math.max(most, Math.abs((query[at] ?? 0) - (centroid[at] ?? 0)));
  }
  const step = most === 0 ? 1 : (2 * most) / queryLevels;
  planes.fill(0);
  let levels = 0;
  for (let at = 0; at < query.length; at++) {
    const difference = (query[at] ?? 0) - (centroid[at] ?? 0);
    const level = Math.round((difference + most) / step);
    levels += level;
    // For every 16 bytes of a code, the four planes' 16 bytes follow each other.
    const byte = (at >> 7) * 64 + ((at & 127) >> 3);
    const bit = at & 7;
    for (let plane = 0; plane < 4; plane++) {
      const set = ((level >> plane) & 1) << bit;
      planes[byte + plane * 16] = (planes[byte + plane * 16] ?? 0) | set;
    }
  }
  return { step, total: step * levels - most * query.length };
}

interface Kernel {
  /** Where the query's planes are written. */
  planes: Uint8Array;
  /** The sums of the query's levels under each code's bits, and the codes' bytes as floats; until the next call. */
  count(codes: Uint8Array, count: number): [Int32Array, Float32Array];
}

const kernels = new Map<number, Kernel>();

/** One a width for the whole program: a scan runs from beginning to end without a pause. */
function openKernel(width: number): Kernel {
  const known = kernels.get(width);
  if (known) return known;
  const made = createKernel(width);
  kernels.set(width, made);
  return made;
}

function createKernel(width: number): Kernel {
  const {
    memory,
    levels,
  } = // The module's own exports.
    new WebAssembly.Instance(compiled()).exports as unknown as KernelExports;
  const bytes = codeBytes(width);
  const planesBytes = width / 2;
  const sumsAt = planesBytes;
  const codesAt = sumsAt + mostCodes * 4;
  // The kernel reads whole machine vectors, the last code's beyond its end.
  const missing = codesAt + mostCodes * bytes + 64 - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  const room = new Uint8Array(memory.buffer, codesAt, mostCodes * bytes);
  const sums = new Int32Array(memory.buffer, sumsAt, mostCodes);
  const numbers = new Float32Array(memory.buffer, codesAt, (mostCodes * bytes) / 4);
  return {
    planes: new Uint8Array(memory.buffer, 0, planesBytes),
    count(codes, count) {
      if (count > mostCodes) throw new RangeError(`${count} codes at once, not ${mostCodes}`);
      room.set(codes);
      levels(codesAt, count, bytes, 0, planesBytes, sumsAt);
      return [sums, numbers];
    },
  };
}

interface KernelExports {
  memory: WebAssembly.Memory;
  levels(codes: number, count: number, bytes: number, from: number, to: number, out: number): void;
}

let compiledKernel: WebAssembly.Module | undefined;

function compiled(): WebAssembly.Module {
  const locals = { integers: 2, vectors: 3 };
  compiledKernel ??= new WebAssembly.Module(
    assemble({ name: "levels", parameters: 6, locals, body: body() }),
  );
  return compiledKernel;
}

/** Parameters and locals of `levels`, by index. */
const local = {
  codes: 0,
  count: 1,
  bytes: 2,
  from: 3,
  to: 4,
  out: 5,
  plane: 6,
  at: 7,
  bits: 8,
  sums: 9,
  kept: 10,
} as const;

/**
 * ```
 * do { sums = 0; at = codes; plane = from;
 *      do { bits = load(at); sums += pairs of bytes of (((c3 * 2 + c2) * 2 + c1) * 2 + c0), ci = count(bits & load(plane + 16 i));
 *           at += 16; plane += 64 } while (plane < to)
 *      store(out, all lanes of sums); out += 4; codes += bytes } while (--count)
 * ```
 */
function body(): number[] {
  const counted = (plane: number) => [
    ...get(local.bits),
    ...load(local.plane, plane * 16),
    ...op.and,
    ...op.countBits,
  ];
  // Added to itself: a shift of bytes takes longer.
  const doubled = (value: number[]) => [
    ...value,
    ...tee(local.kept),
    ...get(local.kept),
    ...op.addBytes,
  ];
  const weighed = [2, 1, 0].reduce(
    (higher, plane) => [...doubled(higher), ...counted(plane), ...op.addBytes],
    counted(3),
  );
  return loop([
    ...[...op.zeros, ...set(local.sums)],
    ...[...get(local.codes), ...set(local.at), ...get(local.from), ...set(local.plane)],
    ...loop([
      ...[...load(local.at, 0), ...set(local.bits)],
      ...[...get(local.sums), ...weighed, ...op.widenBytes, ...op.addShorts, ...set(local.sums)],
      ...advance(local.at, 16),
      ...advance(local.plane, 64),
      ...[...get(local.plane), ...get(local.to), op.lessThan],
    ]),
    ...[...get(local.sums), ...op.widenShorts, ...set(local.sums)],
    ...storeSum(local.sums, local.out),
    ...[...get(local.codes), ...get(local.bytes), op.add, ...set(local.codes)],
    ...countDown(local.count),
  ]);
}
