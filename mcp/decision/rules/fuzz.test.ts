import { expect, test } from "bun:test";
import fc from "fast-check";
import { caseFacts } from "../../../tests/decisionCases.ts";
import { Facts } from "../facts.ts";
import { judge } from "./gate.ts";

const options = { highValueThreshold: 10_000 };
const strictness = ["approve", "manual_review", "deny"];

const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));
const date = fc.option(
  fc
    .date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
    .map((day) => day.toISOString().slice(0, 10)),
);
const instant = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((day) => day.toISOString());
const amount = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "",
    " ",
    "Flood",
    "USD 1,240.00",
    "1 850,00 €",
    "2025-03-04",
    "04/05/2025",
    "N/A",
  ),
);
const type = fc.option(fc.constantFrom("Medical", "Auto", "Home", "Life", "Health Insurance", "x"));
const fieldName = fc.oneof(
  fc.constantFrom("incident_date", "claimant_name", "amount", "policy_number", "cause", "currency"),
  fc.constantFrom("police_report_number", "diagnosis", "insured_name", "__proto__", "constructor"),
  fc.string(),
);
const field = fc.record({
  value: fc.oneof(text, amount),
  confidence: share,
  page: fc.option(fc.integer({ min: 1, max: 5 })),
});
const document = fc.record({
  sha256: fc.option(fc.constantFrom("a", "b")),
  confidence: share,
  pages: fc.array(fc.record({ page: fc.integer({ min: 1, max: 5 }), confidence: share })),
  fields: fc.array(fc.tuple(fieldName, field)).map((entries) => Object.fromEntries(entries)),
  text,
  language: fc.option(fc.constantFrom("eng", "fra", "")),
  warnings: fc.array(text, { maxLength: 3 }),
});
const contract = fc.record({
  contract_number: fc.string({ minLength: 1 }),
  contract_type: fc.oneof(type.map(String), text),
  start_date: date,
  end_date: date,
  coverage_amount: amount,
  deductible: amount,
  copay: amount,
  currency: fc.option(fc.constantFrom("USD", "eur", "", "x")),
  exclusions: fc.array(text, { maxLength: 4 }),
  is_active: fc.boolean(),
});
const claim = {
  claim_id: fc.constantFrom("1", "2"),
  claim_number: fc.string(),
  user_id: fc.constantFrom("u", "v"),
  claim_type: type,
  submitted_at: instant,
};
const facts = fc.record({
  claim: fc.record(claim),
  user: fc.option(fc.record({ user_id: fc.constant("u"), full_name: fc.option(text) })),
  contracts: fc.array(contract, { maxLength: 4 }),
  document: fc.option(document),
  other_claims: fc.array(
    fc.record({
      ...claim,
      status: fc.constantFrom("pending", "failed"),
      is_archived: fc.boolean(),
      document: fc.option(document),
    }),
    { maxLength: 3 },
  ),
});
const proposal = fc.record({
  decision: fc.constantFrom("approve" as const, "manual_review" as const, "deny" as const),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
});

test("whatever the facts are, the gate answers, never loosens and approves only without a hit", () => {
  fc.assert(
    fc.property(facts, proposal, (given, proposed) => {
      const verdict = judge(Facts.parse(given), proposed, options);
      const level = strictness.indexOf(verdict.recommendation);
      expect(level).toBeGreaterThanOrEqual(strictness.indexOf(proposed.decision));
      if (verdict.recommendation === "approve") expect(verdict.hits).toEqual([]);
      if (verdict.recommendation === "deny") expect(verdict.payableAmount).toBeNull();
      expect((verdict.payableAmount ?? 0) >= 0).toBe(true);
      // What is stored is JSON, and comes back as it was.
      expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
    }),
    { numRuns: 2_000 },
  );
});

test("an approvable claim of which anything is taken away is not approved", () => {
  const whole = caseFacts({ type: "Medical", contract: { deductible: 500 } });
  const document = whole.document;
  if (document === null) throw new Error("the case has a document");
  const approved: string[] = [];
  const tryOut = (name: string, change: Partial<Facts>) => {
    const { recommendation } = judge(
      { ...whole, ...change },
      { decision: "approve", confidence: 0.9 },
      options,
    );
    if (recommendation === "approve") approved.push(name);
  };
  for (const name of Object.keys(document.fields)) {
    const { [name]: _, ...fields } = document.fields;
    // Either of the two diagnoses is enough.
    if (!name.startsWith("diagnosis")) tryOut(name, { document: { ...document, fields } });
  }
  const [own] = whole.contracts;
  if (own === undefined) throw new Error("the case has a contract");
  for (const name of ["coverage_amount", "deductible", "currency", "start_date", "end_date"]) {
    tryOut(name, { contracts: [{ ...own, [name]: null }] });
  }
  tryOut("contracts", { contracts: [] });
  tryOut("document", { document: null });
  tryOut("user", { user: null });
  tryOut("claim_type", { claim: { ...whole.claim, claim_type: null } });
  tryOut("confidence", { document: { ...document, confidence: null } });
  expect(approved).toEqual([]);
});
