/** Repeatable random choices: the set is the same on every machine. */
export interface Random {
  /** A whole number from 0 up to but not including `bound`. */
  below(bound: number): number;
  pick<T>(items: readonly T[]): T;
}

/** mulberry32, which passes the usual tests of randomness and is seven lines long. */
export function createRandom(seed: number): Random {
  let state = seed;
  const below = (bound: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
  return {
    below,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error("Cannot pick: the list is empty");
      return item;
    },
  };
}
