import { type KillRound, runKillRounds } from "./claimsKillRounds.ts";
import { startVictims, victims } from "./claimsVictims.ts";
import { describeCircumstances } from "./machine.ts";
import type { BenchOptions } from "./options.ts";
import { printReport, tableOf } from "./report.ts";

/** Kills replicas, tool servers and the database in the middle of runs, and tells what was left of what was promised. */
export async function benchClaimsKills(options: BenchOptions): Promise<void> {
  const parts = await startVictims();
  const rounds = await runKillRounds(parts, options.rounds, (round) => {
    if (!options.isJson) console.log(lineOf(round));
  }).finally(() => parts.stop());
  const broken = rounds.flatMap((round) => round.broken);
  const differing = rounds.flatMap((round) => round.differing);
  const verdict = `${rounds.filter(isWhole).length} of ${rounds.length} kills left everything whole`;
  const goals = [
    goal("nothing stuck, lost or doubled", broken),
    goal("every run ends as if nothing had been killed", differing),
  ];
  const circumstances = describeCircumstances("claims-kills", "not pinned", {});
  printReport({ circumstances, goals }, [victimTable(rounds)], options.isJson);
  if (!options.isJson) console.log(`\n${verdict}`);
  if (broken.length > 0) process.exitCode = 1;
}

function isWhole({ broken }: KillRound): boolean {
  return broken.length === 0;
}

function goal(text: string, problems: readonly string[]) {
  const measured = problems.length === 0 ? "none" : `${problems.length}: ${problems.slice(0, 5)}`;
  return { goal: text, measured, isMet: problems.length === 0 };
}

function lineOf(round: KillRound): string {
  const { victim, liveRuns, takenOver, replayed, restMs, broken, differing } = round;
  const problems = [...broken, ...differing].map((problem) => `\n    ${problem}`);
  return `${victim.padEnd(14)} ${liveRuns} runs under way, ${takenOver} taken over, ${replayed} events replayed, at rest after ${(restMs / 1000).toFixed(1)} s${problems.join("")}`;
}

function victimTable(rounds: readonly KillRound[]): string {
  const rows = victims.map((victim) => {
    const own = rounds.filter((round) => round.victim === victim);
    const sum = (figure: (round: KillRound) => number) =>
      `${own.reduce((total, round) => total + figure(round), 0)}`;
    const slowestMs = Math.max(0, ...own.map(({ restMs }) => restMs));
    return [
      victim,
      `${own.length}`,
      `${own.filter(({ liveRuns }) => liveRuns > 0).length}`,
      sum(({ liveRuns }) => liveRuns),
      sum(({ takenOver }) => takenOver),
      sum(({ replayed }) => replayed),
      sum(({ differing }) => differing.length),
      sum(({ broken }) => broken.length),
      `${(slowestMs / 1000).toFixed(1)} s`,
    ];
  });
  const heads = ["killed", "times", "mid-run", "runs under way", "taken over", "events replayed"];
  return tableOf([...heads, "other results", "broken", "slowest rest"], rows);
}
