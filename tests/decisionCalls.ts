import { labelledClaims } from "./decisionClaims.ts";

/** The facts of the labelled claims. */
export const allFacts = labelledClaims.map(({ facts }) => facts);

const [first] = allFacts;
if (first === undefined) throw new Error("the table of labelled claims is empty");
/** The facts that `goodCall` is about. */
export const firstFacts: (typeof allFacts)[number] = first;

/** Arguments with which the first claim is decided. */
export const goodCall = {
  claim_id: firstFacts.claim.claim_id,
  user_id: firstFacts.claim.user_id,
  decision: "approve",
  confidence: 0.9,
  reasoning: "All in order.",
};

/** Changes of `goodCall` that are refused, with or without a service. */
export const refusals: [string, object][] = [
  ["a decision in upper case", { decision: "APPROVE" }],
  ["a confidence of 95", { confidence: 95 }],
  ["a decision that is none", { decision: "rejected" }],
  ["a claim of another user", { user_id: "USR002" }],
  ["a confidence that is a text", { confidence: "0.9" }],
  ["a confidence that is a truth", { confidence: true }],
  ["a confidence below 0", { confidence: -0.1 }],
  ["no confidence", { confidence: undefined }],
  ["an empty reasoning", { reasoning: "" }],
  ["a blank reasoning", { reasoning: " \n\t\u200b" }],
  ["no reasoning", { reasoning: undefined }],
  ["a null decision", { decision: null }],
  ["an unknown argument", { verdict: "approve" }],
  ["a list that is a text", { red_flags: "none" }],
  ["a blank run", { run_id: "" }],
];

/** The ids with which a call names a claim. */
export function idsOf(claim: { claim_id: string; user_id: string }): object {
  return { claim_id: claim.claim_id, user_id: claim.user_id };
}
