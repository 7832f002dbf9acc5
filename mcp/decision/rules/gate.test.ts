import { describe, expect, test } from "bun:test";
import { type Change, caseFacts, gate, verdictOf } from "../../../tests/decisionCases.ts";
import { labelledClaims } from "../../../tests/decisionClaims.ts";
import { judge } from "./gate.ts";

const options = { highValueThreshold: 10_000 };

describe("the 30 labelled claims, an approval proposed at 0.9", () => {
  test.each(labelledClaims.map((claim) => [claim.number, claim.outcome, claim] as const))(
    "%s: %s",
    (_, __, { facts, outcome, hits, payable }) => {
      const verdict = judge(facts, { decision: "approve", confidence: 0.9 }, options);
      expect({
        outcome: verdict.recommendation,
        hits: verdict.hits.map(({ code }) => code),
        payable: verdict.payableAmount,
        requiresManualReview: verdict.requiresManualReview,
      }).toEqual({
        outcome,
        hits: [...hits],
        payable,
        requiresManualReview: outcome === "manual_review",
      });
    },
  );

  test("are 11 approvals, 9 denials and 10 reviews", () => {
    const count = (wanted: string) =>
      labelledClaims.filter(({ outcome }) => outcome === wanted).length;
    expect([count("approve"), count("deny"), count("manual_review")]).toEqual([11, 9, 10]);
  });

  test.each(["deny", "manual_review"] as const)(
    "are never loosened when %s is proposed",
    (decision) => {
      const strictness = ["approve", "manual_review", "deny"];
      const looser = labelledClaims.filter(({ facts, outcome }) => {
        const { recommendation } = judge(facts, { decision, confidence: 0.9 }, options);
        const least = Math.max(strictness.indexOf(decision), strictness.indexOf(outcome));
        return strictness.indexOf(recommendation) !== least;
      });
      expect(looser.map(({ number }) => number)).toEqual([]);
    },
  );
});

const denied: Change = { contracts: [] };
const doubted: Change = { fields: { claimant_name: "Somebody Else" } };
const reviewed: Change = { amount: "USD 12,000.00" };
const deniedInReview: Change = { amount: "USD 40,000.00", contract: { is_active: false } };
const deniedInDoubt: Change = { ...denied, ...doubted };

test.each<[string, Change, "approve" | "deny" | "manual_review", string, boolean]>([
  ["nothing", {}, "approve", "approve", false],
  ["nothing", {}, "manual_review", "manual_review", true],
  ["nothing", {}, "deny", "deny", false],
  ["a denial", denied, "approve", "deny", false],
  ["a denial", denied, "manual_review", "deny", true],
  ["a denial", denied, "deny", "deny", false],
  ["a doubt", doubted, "approve", "manual_review", true],
  ["a doubt", doubted, "manual_review", "manual_review", true],
  ["a doubt", doubted, "deny", "deny", true],
  ["a review", reviewed, "approve", "manual_review", true],
  ["a review", reviewed, "manual_review", "manual_review", true],
  ["a review", reviewed, "deny", "deny", false],
  ["a denial and a review", deniedInReview, "approve", "deny", false],
  ["a denial and a doubt", deniedInDoubt, "approve", "manual_review", true],
  ["a denial and a doubt", deniedInDoubt, "deny", "deny", true],
])(
  "with %s a proposal (%j) to %s becomes %s; a person is asked: %p",
  (_, change, proposed, final, asks) => {
    const { recommendation, requiresManualReview } = verdictOf(change, proposed);
    expect([recommendation, requiresManualReview]).toEqual([final as typeof recommendation, asks]);
  },
);

test.each([
  [0.7, "approve"],
  [0.69, "manual_review"],
  [0, "manual_review"],
] as const)("an agent that is sure to %p leads to %s", (confidence, expected) => {
  const { recommendation } = judge(caseFacts(), { decision: "approve", confidence }, options);
  expect(recommendation).toBe(expected);
});

test("the same facts give the same verdict, and are left as they are", () => {
  const facts = caseFacts(deniedInDoubt);
  const before = structuredClone(facts);
  const proposal = { decision: "approve", confidence: 0.9 } as const;
  expect(judge(facts, proposal, options)).toEqual(judge(structuredClone(facts), proposal, options));
  expect(facts).toEqual(before);
});

test("no contract, another's name and an unknown policy are never approved", () => {
  const fields = { claimant_name: "Somebody Else", policy_number: "UNKNOWN-1" };
  expect(gate({ contracts: [], fields })).toBe(
    "manual_review, NO_CONTRACT deny, CLAIMANT_MISMATCH doubt",
  );
});
