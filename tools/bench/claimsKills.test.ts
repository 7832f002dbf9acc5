import { afterAll, beforeAll, expect, test } from "bun:test";
import { labelledClaims } from "../../tests/decisionClaims.ts";
import { runKillRounds } from "./claimsKillRounds.ts";
import { startVictims, type Victims, victims } from "./claimsVictims.ts";

// One kill of each kind; `bun run bench claims-kills --rounds 100` is the long version.

let parts: Victims;
beforeAll(async () => {
  parts = await startVictims();
}, 120_000);
afterAll(() => parts.stop(), 60_000);

test("a replica, a tool server, both replicas and the database are killed amid runs, and nothing is stuck, lost or doubled", async () => {
  const rounds = await runKillRounds(parts, victims.length);
  const left = rounds.map(({ victim, broken, differing }) => ({ victim, broken, differing }));
  expect(left).toEqual(victims.map((victim) => ({ victim, broken: [], differing: [] })));
}, 300_000);

test("nothing that was logged meanwhile, failures included, names a person", () => {
  const logs = parts.readLogs();
  const names = labelledClaims.flatMap(({ facts }) => facts.user?.full_name ?? []);
  const words = [
    ...names,
    ...names.map((name) => name.toLowerCase().replace(" ", ".")),
    "@example",
  ];
  expect({
    named: words.filter((word) => logs.includes(word)),
    isThere: logs.length > 10_000,
  }).toEqual({
    named: [],
    isThere: true,
  });
});
