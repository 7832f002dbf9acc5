/** Vectors and texts that resemble a collection's, the same ones for the same seed. */

/** How vectors are spread: in groups of many sizes, as embeddings of real texts are, or evenly, as nothing real is. */
export type Spread = "clustered" | "uniform";

/** Numbers of the groups that clustered vectors come from, per 1,000 vectors. */
const groupsPerThousand = 5;
/** How far a vector lies from its group's centre, relative to the centre's own length. */
const groupWidth = 1;
/** Dimensions that the groups' widths live in: embeddings fill few of their dimensions. */
const innerDimensions = 48;
const vocabularySize = 40_000;

/** A small fast generator of numbers from 0 to 1 (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Makes unit vectors one after another; queries come from the same source as the rows. */
export function createVectors(
  spread: Spread,
  { rows, dimensions, seed }: { rows: number; dimensions: number; seed: number },
): () => Float32Array {
  const random = createRandom(seed);
  if (spread === "uniform") return () => unit(gaussians(random, dimensions));
  const groups = Math.max(8, Math.round((rows / 1000) * groupsPerThousand));
  const basis = Array.from({ length: innerDimensions }, () => unit(gaussians(random, dimensions)));
  const centres = Array.from({ length: groups }, () =>
    combine(basis, gaussians(random, innerDimensions)),
  );
  return () => {
    // Squared: a few groups are large, as a few subjects of a collection are.
    const centre = centres[Math.floor(random() ** 2 * groups)] as Float32Array;
    const around = combine(basis, gaussians(random, innerDimensions));
    const noise = gaussians(random, dimensions);
    for (let at = 0; at < dimensions; at++) {
      around[at] =
        (centre[at] as number) + groupWidth * (around[at] as number) + 0.02 * (noise[at] as number);
    }
    return unit(around);
  };
}

/** Makes texts of `words` words whose frequencies follow Zipf's law. */
export function createTexts(words: number, seed: number): () => string {
  const random = createRandom(seed);
  const word = () => wordOf(Math.floor(vocabularySize ** random()) - 1 + Math.floor(random() * 8));
  return () => Array.from({ length: words }, word).join(" ");
}

const syllables = "ba co di fu ga he lo mi na pe ra so ti vu we za cre dro fla sti".split(" ");

/** A word for a number; neighbours share no stem. */
function wordOf(rank: number): string {
  let rest = rank + 400;
  let word = "";
  while (rest > 0) {
    word += syllables[rest % syllables.length];
    rest = Math.floor(rest / syllables.length);
  }
  return `${word}k`;
}

function gaussians(random: () => number, count: number): Float32Array {
  const values = new Float32Array(count);
  for (let index = 0; index < count; index += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    values[index] = radius * Math.cos(angle);
    if (index + 1 < count) values[index + 1] = radius * Math.sin(angle);
  }
  return values;
}

function combine(basis: readonly Float32Array[], weights: Float32Array): Float32Array {
  const sum = new Float32Array(basis[0]?.length ?? 0);
  for (let index = 0; index < basis.length; index++) {
    addTimes(sum, basis[index] as Float32Array, weights[index] as number);
  }
  return sum;
}

function addTimes(sum: Float32Array, direction: Float32Array, weight: number): void {
  for (let at = 0; at < sum.length; at++)
    sum[at] = (sum[at] as number) + weight * (direction[at] as number);
}

/** The vector itself, at length 1. */
function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (let at = 0; at < vector.length; at++) squares += (vector[at] as number) ** 2;
  const length = Math.sqrt(squares);
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] as number) / length;
  return vector;
}
