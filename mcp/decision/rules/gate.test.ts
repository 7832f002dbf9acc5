import { describe, expect, test } from "bun:test";
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
