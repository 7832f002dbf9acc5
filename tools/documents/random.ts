/** Numbers that look random and are the same on every machine and in every run. */
export interface Random {
  /** The next number, from 0 up to but not including 1. */
  next(): number;
  /** A whole number from least to most, both included. */
  whole(least: number, most: number): number;
  /** A number from least to most. */
  between(least: number, most: number): number;
  /** One of the items; the list must not be empty. */
  pick<Item>(items: readonly Item[]): Item;
  /** Roughly normal around 0 with deviation 1. */
  normal(): number;
}

/** A generator of its own for every name, so that inserting one document does not change the others. */
export function seededRandom(name: string): Random {
  let state = seedOf(name);
  // mulberry32: additions and shifts of whole numbers only, so no library's sine or logarithm can differ.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    between: (least, most) => least + next() * (most - least),
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
    // Four uniform numbers have a variance of 1/3 together.
    normal: () => (next() + next() + next() + next() - 2) * Math.sqrt(3),
  };
}

/** FNV-1a over the name's characters. */
function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
