/** Numbers that a rotated vector's length is a multiple of: the bits of one machine vector, 2 ** 7. */
const lanes = 128;

/** Turns vectors so that what they tell is spread evenly over their numbers; lengths and angles stay. */
export interface Rotation {
  /** The length of a rotated vector: the dimensions, filled up to a multiple of 128. */
  width: number;
  rotate(vector: Float32Array): Float32Array;
}

/**
 * A random rotation by signs and Walsh-Hadamard transforms, the same one for the same number of dimensions: indexes are
 * stored in its terms. Embeddings often hold most of their variance in few dimensions, and one bit for each of these would
 * tell too little.
 */
export function createRotation(dimensions: number): Rotation {
  // Shifts make whole numbers; other functions' results stay floats, which are three times slower as indexes.
  const width = Math.max(1, (dimensions + lanes - 1) >> 7) << 7;
  const block = 1 << Math.floor(Math.log2(width));
  // With a width that is no power of two, two blocks overlap, and a second round mixes their ends.
  const starts = block === width ? [0] : [0, width - block, 0, width - block];
  // With the transform's own growth, lengths stay.
  const size = 1 / Math.sqrt(block);
  const turns = starts.map((start, round) => ({
    start,
    signs: randomSigns(block, round + 1, size),
  }));
  return {
    width,
    rotate(vector) {
      const rotated = new Float32Array(width);
      rotated.set(vector);
      // Over entries() Bun compiles what is called in it to eight times slower code.
      for (const { start, signs } of turns) turn(rotated, signs, start);
      return rotated;
    },
  };
}

/** Signs and the Walsh-Hadamard transform of as many numbers as there are signs, a power of two, in place. */
function turn(values: Float32Array, signs: Float32Array, start: number): void {
  const end = start + signs.length;
  for (let at = 0; at < signs.length; at++)
    values[start + at] = (values[start + at] ?? 0) * (signs[at] ?? 0);
  for (let half = 1; half < signs.length; half <<= 1) {
    for (let from = start; from < end; from += half << 1) {
      for (let at = from; at < from + half; at++) {
        const one = values[at] ?? 0;
        const other = values[at + half] ?? 0;
        values[at] = one + other;
        values[at + half] = one - other;
      }
    }
  }
}

/** Signs of one size, by a linear congruential generator (the constants of Numerical Recipes), of which the highest bit is the best. */
function randomSigns(count: number, seed: number, size: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >= 2 ** 31 ? size : -size;
  });
}
