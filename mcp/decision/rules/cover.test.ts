import { expect, test } from "bun:test";
import { type Change, caseFacts, gate, verdictOf } from "../../../tests/decisionCases.ts";
import { contract } from "../../../tests/decisionClaims.ts";

test.each<[string, Change, string]>([
  ["a claim with nothing against it", {}, "approve"],
  ["the first day of cover", { incident: "2025-01-01", filed: "2025-01-05" }, "approve"],
  ["the last day of cover", { incident: "2025-12-31", filed: "2026-01-05" }, "approve"],
  [
    "a day before",
    { incident: "2024-12-31", filed: "2025-01-05" },
    "deny, CONTRACT_NOT_ACTIVE deny",
  ],
  [
    "a day after",
    { incident: "2026-01-01", filed: "2026-01-05" },
    "deny, CONTRACT_NOT_ACTIVE deny",
  ],
  ["a cancelled contract", { contract: { is_active: false } }, "deny, CONTRACT_NOT_ACTIVE deny"],
  [
    "a cancelled contract and no incident date",
    { contract: { is_active: false }, incident: null },
    "manual_review, CONTRACT_NOT_ACTIVE deny, MISSING_FIELD doubt",
  ],
  ["no contract at all, with whatever policy number", { contracts: [] }, "deny, NO_CONTRACT deny"],
  [
    "no contract and no policy number",
    { contracts: [], fields: { policy_number: null } },
    "deny, NO_CONTRACT deny",
  ],
  [
    "only a contract of another type",
    { contracts: [contract("CNT-1", "Home")] },
    "deny, NO_CONTRACT deny",
  ],
  [
    "a contract whose type is written otherwise",
    { contract: { contract_type: " AUTO " } },
    "approve",
  ],
  ["a type that says what it is", { claim: { claim_type: "Auto Insurance Claim" } }, "approve"],
  [
    "a health contract for a medical claim",
    { type: "Medical", contract: { contract_type: "Health" } },
    "approve",
  ],
  [
    "a French type",
    { type: "Home", contract: { contract_type: "Assurance habitation" } },
    "approve",
  ],
  ["an unknown claim type", { claim: { claim_type: "Pet" } }, "manual_review, MISSING_FIELD doubt"],
  ["an absent claim type", { claim: { claim_type: null } }, "manual_review, MISSING_FIELD doubt"],
  [
    "an expired contract, evaluated as evidence",
    { contract: { end_date: "2025-03-01" }, amount: "USD 40,000.00" },
    "deny, CONTRACT_NOT_ACTIVE deny, OVER_LIMIT review, HIGH_VALUE review",
  ],
  ["Auto, day 30", { filed: "2025-05-31" }, "approve"],
  ["Auto, day 31", { filed: "2025-06-01" }, "deny, LATE_FILING deny"],
  ["Home, day 60", { type: "Home", filed: "2025-06-30" }, "approve"],
  ["Home, day 61", { type: "Home", filed: "2025-07-01" }, "deny, LATE_FILING deny"],
  ["Medical, day 90", { type: "Medical", filed: "2025-07-30" }, "approve"],
  ["Medical, day 91", { type: "Medical", filed: "2025-07-31" }, "deny, LATE_FILING deny"],
  ["Life, day 365", { type: "Life", filed: "2026-05-01" }, "approve"],
  ["Life, day 366", { type: "Life", filed: "2026-05-02" }, "deny, LATE_FILING deny"],
  [
    "a filing whose UTC date is the last day",
    { claim: { submitted_at: "2025-06-01T01:00:00+02:00" } },
    "approve",
  ],
  [
    "a filing whose UTC date is a day late",
    { claim: { submitted_at: "2025-05-31T23:30:00-02:00" } },
    "deny, LATE_FILING deny",
  ],
  ["an incident on the day of filing", { filed: "2025-05-01" }, "approve"],
  ["an incident after the filing", { filed: "2025-04-30" }, "manual_review, MISSING_FIELD doubt"],
  [
    "an untrusted date that would be too late",
    { incident: "2025-01-01", unsure: { date_of_incident: 0.69 } },
    "manual_review, LOW_OCR_CONFIDENCE doubt",
  ],
  ["a date that is just trusted", { unsure: { date_of_incident: 0.7 } }, "approve"],
  [
    "a contract without end",
    { contract: { end_date: null } },
    "manual_review, MISSING_FIELD doubt",
  ],
])("%s", (_, change, expected) => {
  expect(gate(change)).toBe(expected);
});

const [old, own, spare] = [
  contract("CNT-OLD", "Auto", { start_date: "2024-01-01", end_date: "2024-12-31" }),
  contract("CNT-OWN", "Auto", { deductible: 100 }),
  contract("CNT-SPARE", "Auto", { deductible: 200 }),
];

test.each<[string, readonly (typeof old)[], string, number]>([
  ["the usable one that is printed", [old, own, spare], "cnt - spare", 1800],
  ["the first usable one when another is printed", [old, own, spare], "CNT-OLD", 1900],
])("of several contracts counts %s", (_, contracts, policy_number, payable) => {
  const { recommendation, payableAmount } = verdictOf({ contracts, fields: { policy_number } });
  expect([recommendation, payableAmount]).toEqual(["approve", payable]);
});

test("without a usable contract the first one is the evidence", () => {
  const { hits } = verdictOf({
    contracts: [old, { ...own, is_active: false }],
    fields: { policy_number: "CNT-OWN" },
  });
  expect(hits).toEqual([
    {
      code: "CONTRACT_NOT_ACTIVE",
      kind: "deny",
      message: "No matching contract covers the incident: CNT-OLD is expired",
      evidence: {
        incident_date: "2025-05-01",
        contract_number: "CNT-OLD",
        start_date: "2024-01-01",
        end_date: "2024-12-31",
        is_active: true,
        reason: "expired",
        contracts_looked_at: 2,
        page: 1,
      },
      source: "contract",
    },
  ]);
});

test("the case that is departed from is a whole one", () => {
  expect(Object.keys(caseFacts().document?.fields ?? {})).toContain("police_report_number");
});
