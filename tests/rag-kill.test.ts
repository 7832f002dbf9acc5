import { afterAll, expect, test } from "bun:test";
import { type KilledWork, openKills } from "./rag-kills.ts";

/** Kills by work; `bun tools/rag-kills.ts` makes a hundred. Which points they hit changes with every run. */
const kills: readonly [KilledWork, number][] = [
  ["ingest", 24],
  ["retrain", 6],
  ["reembed", 4],
  ["sync", 6],
];
/** Programs that run at once: starting takes longer than what is tested. */
const atOnce = 4;
const { seed, killOnce, close } = await openKills();
afterAll(close);

test.each(kills)(
  "kill -9 during %s, at %d random points, leaves a whole index with everything that was acknowledged",
  async (work, times) => {
    for (let start = 0; start < times; start += atOnce) {
      const count = Math.min(atOnce, times - start);
      const batch = Array.from({ length: count }, () => killOnce(work));
      for (const left of await Promise.all(batch)) {
        expect({ seed, ...left }).toEqual({ seed, problems: [], lost: [], isSearchable: true });
      }
    }
  },
  60_000,
);
