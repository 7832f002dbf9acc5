/**
 * `bun tools/rag-kills.ts [points]`: kills programs that ingest, retrain, reembed and sync an index with SIGKILL, at a
 * hundred random points unless told otherwise, and tells what they left. The exit code is 1 when anything was lost.
 */
import { type KilledWork, openKills } from "../tests/rag-kills.ts";
import { tableOf } from "./bench/report.ts";

/** Shares of the points: what takes longest gets fewest. */
const shares: Readonly<Record<KilledWork, number>> = {
  ingest: 0.4,
  sync: 0.25,
  retrain: 0.2,
  reembed: 0.15,
};
const mostPoints = 10_000;

const points = Number(process.argv[2] ?? 100);
if (!Number.isInteger(points) || points < 1 || points > mostPoints) {
  console.error(`Cannot kill "${process.argv[2]}" times: expected a whole number to ${mostPoints}`);
  process.exit(2);
}
const kills = await openKills();
let failures = 0;
const rows: string[][] = [];
for (const [work, share] of Object.entries(shares)) {
  const count = Math.max(1, Math.round(points * share));
  const sums = { problems: 0, lost: 0, silent: 0 };
  for (let at = 0; at < count; at++) {
    // The keys of the table are the works.
    const left = await kills.killOnce(work as KilledWork);
    const isBad = left.problems.length + left.lost.length > 0 || !left.isSearchable;
    if (isBad) console.error(`${work}, kill ${at + 1}: ${JSON.stringify(left)}`);
    failures += isBad ? 1 : 0;
    sums.problems += left.problems.length;
    sums.lost += left.lost.length;
    sums.silent += left.isSearchable ? 0 : 1;
  }
  rows.push([work, count, sums.problems, sums.lost, sums.silent].map(String));
}
kills.close();
console.log(tableOf(["killed in", "times", "problems", "lost", "not searchable"], rows));
console.log(`seed ${kills.seed}`);
process.exit(failures === 0 ? 0 : 1);
