import type { Effect } from "../documents/effects.ts";
import type { Random } from "../documents/random.ts";

/** What happened to a page between the printer and the file. */
export interface Damage {
  effects: readonly Effect[];
  /** Of the JPEG, from 1 to 100. */
  quality: number;
}

/** Scanners leave a little grain on every page. */
const grain: Effect = { kind: "noise", deviation: 3, specks: 0 };
const good = 80;

/** The states in which pages come; each draws how bad it is. */
export const conditions = {
  clean: () => ({ effects: [], quality: 92 }),
  skewed: (random) => {
    const degrees = random.between(1.5, 5) * random.pick([1, -1]);
    return { effects: [{ kind: "skew", degrees }, grain], quality: good };
  },
  blurred: (random) => {
    return { effects: [{ kind: "blur", radius: random.between(0.7, 1.2) }, grain], quality: good };
  },
  noisy: (random) => {
    const deviation = random.between(18, 32);
    return { effects: [{ kind: "noise", deviation, specks: 0.004 }], quality: good };
  },
  jpeg: (random) => ({ effects: [grain], quality: random.whole(12, 22) }),
  faint: (random) => {
    const ink = random.whole(165, 200);
    const faint: Effect = { kind: "faint", paper: random.whole(225, 240), ink };
    return { effects: [faint, { kind: "noise", deviation: 4, specks: 0 }], quality: good };
  },
  rotated: (random) => {
    return { effects: [{ kind: "turn", quarters: random.pick([1, 2, 3]) }, grain], quality: good };
  },
  shadowed: (random) => {
    return {
      effects: [{ kind: "shadow", darkest: random.between(0.3, 0.55) }, grain],
      quality: good,
    };
  },
} as const satisfies Record<string, (random: Random) => Damage>;

/** `text` stands for a page with a text layer that nothing happened to. */
export type Condition = keyof typeof conditions | "text";
export type ScanCondition = keyof typeof conditions;

/** The damage of one page. */
export function drawDamage(condition: ScanCondition, random: Random): Damage {
  return conditions[condition](random);
}
