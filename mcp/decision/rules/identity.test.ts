import { describe, expect, test } from "bun:test";
import { type Change, gate, otherClaim, verdictOf } from "../../../tests/decisionCases.ts";

const named = (claimant_name: string, name = "Ada Byron"): Change => ({
  name,
  fields: { claimant_name },
});

test.each([
  ["Ada Byron", "BYRON, Ada"],
  ["Åsa Østergård-Müller", "asa ostergard muller"],
  ["Łukasz Œuvray", "Lukasz Oeuvray"],
  ["Jürgen Straße", "Jurgen Strasse"],
  ["Seán O'Brien", "Sean O’Brien"],
  ["Ada Byron", "  ada   byron "],
])("%s is %s", (user, printed) => {
  expect(gate(named(printed, user))).toBe("approve");
});

test.each(["Ada Lovelace", "Dr Ada Byron", "A. Byron", "Ada Ada Byron", "Ada", "Ada M Byron"])(
  "Ada Byron is not %s",
  (printed) => {
    expect(gate(named(printed))).toBe("manual_review, CLAIMANT_MISMATCH doubt");
  },
);

test.each<[string, Change, string]>([
  [
    "on a life claim the insured counts",
    { type: "Life", fields: { claimant_name: "Carmen" } },
    "approve",
  ],
  [
    "another insured",
    { type: "Life", fields: { insured: "Carmen" } },
    "manual_review, CLAIMANT_MISMATCH doubt",
  ],
  [
    "the claimant's name beside another patient's",
    { type: "Medical", fields: { claimant_name: "Ada Byron", patient: "Somebody Else" } },
    "manual_review, CLAIMANT_MISMATCH doubt",
  ],
  ["only an insured", { fields: { claimant_name: null, insured_name: "Ada Byron" } }, "approve"],
  ["a user without a name", { userName: " " }, "manual_review, MISSING_FIELD doubt"],
  [
    "a policy number in other case and spacing",
    { fields: { policy_number: " cnt - 1 " } },
    "approve",
  ],
  [
    "another's policy number",
    { fields: { policy_number: "CNT-2" } },
    "manual_review, POLICY_MISMATCH doubt",
  ],
  ["no stored extraction", { document: null }, "manual_review, DOCUMENT_NOT_READ doubt"],
  [
    "a document without confidence",
    { document: { confidence: null } },
    "manual_review, MISSING_FIELD doubt",
  ],
  [
    "a poor document",
    { document: { confidence: 0.69 } },
    "manual_review, LOW_OCR_CONFIDENCE doubt",
  ],
  [
    "one poor page",
    {
      document: {
        pages: [
          { page: 1, confidence: 0.99 },
          { page: 2, confidence: 0.5 },
        ],
      },
    },
    "manual_review, LOW_OCR_CONFIDENCE doubt",
  ],
  [
    "a poor required field",
    { unsure: { policy_number: 0.1 } },
    "manual_review, LOW_OCR_CONFIDENCE doubt",
  ],
  [
    "a poor field that nothing needs",
    { fields: { vehicle: "Volvo" }, unsure: { vehicle: 0.1 } },
    "approve",
  ],
  [
    "a hidden text that the reader reports",
    { document: { warnings: ["hidden_text: page 1"] } },
    "manual_review, PROMPT_INJECTION doubt",
  ],
  [
    "a denial in doubt",
    { contracts: [], fields: { claimant_name: "X Y" } },
    "manual_review, NO_CONTRACT deny, CLAIMANT_MISMATCH doubt",
  ],
])("%s", (_, change, expected) => {
  expect(gate(change)).toBe(expected);
});

test.each([
  "N/A",
  "none",
  "-",
  "Pending",
  "Not available",
  "Néant",
  "en attente",
  "?",
  "\u200b",
  " \u00a0",
])("a police report number of %j is missing", (police_report_number) => {
  const [hit] = verdictOf({ fields: { police_report_number } }).hits;
  expect(hit?.evidence).toEqual({ missing: ["police_report_number"] });
});

describe("missing fields are named", () => {
  test.each<[string, Change, string[]]>([
    [
      "everything",
      {
        incident: null,
        fields: {
          claimant_name: "",
          estimated_repair_cost: null,
          policy_number: " ",
          police_report_number: "\t",
        },
      },
      ["incident_date", "claimant", "amount", "policy_number", "police_report_number"],
    ],
    ["home", { type: "Home", fields: { cause: null } }, ["cause_or_type_of_loss"]],
    [
      "medical",
      { type: "Medical", fields: { diagnosis: null, diagnosis_code: null } },
      ["diagnosis_or_procedure"],
    ],
    ["a date that may be two", { incident: "04/05/2025" }, ["incident_date (not a clear date)"]],
    ["a date that is none", { incident: "2025-02-30" }, ["incident_date (not a clear date)"]],
    [
      "an incident after the filing",
      { incident: "2025-05-12" },
      ["incident_date (after the filing)"],
    ],
    [
      "terms",
      { contract: { deductible: null, currency: null } },
      ["contract_deductible", "contract_currency"],
    ],
  ])("%s", (_, change, missing) => {
    const [hit] = verdictOf(change).hits;
    expect([hit?.code, hit?.evidence]).toEqual(["MISSING_FIELD", { missing }]);
  });
});

test.each([
  "2025-05-01",
  "May 1, 2025",
  "1 May 2025",
  "1st May 2025",
  "Thursday, May 1, 2025",
  "05/01/2025",
  "01.05.2025",
  "1er mai 2025",
])("%s is the first of May, in one language or the other", (incident) => {
  const language = /^0[15]/.test(incident) ? "fra" : "eng";
  const filed = incident === "05/01/2025" ? "2025-01-20" : "2025-05-11";
  expect(gate({ incident, language, filed })).toBe("approve");
});

const hit = "manual_review, DUPLICATE review";
const mine = { document: { sha256: "same" } };

test.each<[string, Change, string]>([
  ["the same event filed earlier", { others: [otherClaim()] }, hit],
  ["the same event of a denied claim", { others: [otherClaim({ status: "completed" })] }, hit],
  ["1 % more, inclusive", { amount: "USD 2,020.00", others: [otherClaim()] }, hit],
  ["a cent beyond 1 %", { amount: "USD 2,020.01", others: [otherClaim()] }, "approve"],
  ["1 % less, of the earlier amount", { amount: "USD 1,980.00", others: [otherClaim()] }, hit],
  ["filed later", { others: [otherClaim({ submitted_at: "2025-05-11T10:00:01Z" })] }, "approve"],
  [
    "filed at the same moment",
    { others: [otherClaim({ submitted_at: "2025-05-11T12:00:00+02:00" })] },
    "approve",
  ],
  ["failed", { others: [otherClaim({ status: "failed" })] }, "approve"],
  ["archived", { others: [otherClaim({ is_archived: true })] }, "approve"],
  ["of another type", { others: [otherClaim({ claim_type: "Home" })] }, "approve"],
  [
    "of the same type under another name",
    { others: [otherClaim({ claim_type: "auto insurance" })] },
    hit,
  ],
  ["of another day", { others: [otherClaim({ incident: "2025-05-02" })] }, "approve"],
  ["in another currency", { others: [otherClaim({ amount: "EUR 2,000.00" })] }, "approve"],
  ["of another user", { others: [otherClaim({ user_id: "USR999" })] }, "approve"],
  [
    "the same document of another user",
    { ...mine, others: [otherClaim({ user_id: "USR999", ...mine })] },
    hit,
  ],
  [
    "the claim itself",
    { others: [otherClaim({ claim_id: "00000000-0000-4000-8000-000000000100" })] },
    "approve",
  ],
  ["not read yet", { others: [{ ...otherClaim(), document: null }] }, "approve"],
])("another claim: %s", (_, change, expected) => {
  expect(gate(change)).toBe(expected);
});
