import { expect, test } from "bun:test";
import { type Change, gate, verdictOf } from "../../../tests/decisionCases.ts";

const medical = { type: "Medical", contract: { deductible: 500, copay: 20 } } as const;
const authorized = (authorization_number: string): Change => ({
  ...medical,
  amount: "USD 5,000.01",
  fields: { authorization_number },
});

test.each<[string, Change, string, number | null]>([
  ["the deductible is taken off", {}, "approve", 1500],
  ["copay is taken off for health only", medical, "approve", 1480],
  ["a copay of another contract does not count", { contract: { copay: 20 } }, "approve", 1500],
  ["a health contract without copay", { ...medical, contract: { copay: null } }, "approve", 1500],
  ["cents are exact", { amount: "USD 500.07" }, "approve", 0.07],
  [
    "an amount of exactly the deductible",
    { amount: "USD 500.00" },
    "deny, BELOW_DEDUCTIBLE deny",
    null,
  ],
  [
    "an amount below deductible and copay together",
    { ...medical, amount: "USD 515.00" },
    "deny, BELOW_DEDUCTIBLE deny",
    null,
  ],
  ["an amount of exactly the cover", { contract: { coverage_amount: 2000 } }, "approve", 1500],
  [
    "an amount a cent above the cover",
    { contract: { coverage_amount: 1999.99 } },
    "manual_review, OVER_LIMIT review",
    1499.99,
  ],
  ["an amount of 10,000", { amount: "USD 10,000.00" }, "manual_review, HIGH_VALUE review", 9500],
  ["an amount a cent below", { amount: "USD 9,999.99" }, "approve", 9499.99],
  ["an amount of zero", { amount: "USD 0.00" }, "manual_review, MISSING_FIELD doubt", null],
  ["a negative amount", { amount: "USD -2,000.00" }, "manual_review, MISSING_FIELD doubt", null],
  ["an amount in words", { amount: "two thousand" }, "manual_review, MISSING_FIELD doubt", null],
  [
    "two amounts in one",
    { amount: "2,000.00 / 3,000.00 USD" },
    "manual_review, MISSING_FIELD doubt",
    null,
  ],
  [
    "an amount without currency",
    { amount: "2,000.00" },
    "manual_review, MISSING_FIELD doubt",
    null,
  ],
  [
    "an amount with its currency in a field of its own",
    { amount: "2,000.00", fields: { currency: "usd" } },
    "approve",
    1500,
  ],
  [
    "a currency code in lower case",
    { amount: "2000 usd", contract: { currency: "Usd" } },
    "approve",
    1500,
  ],
  ["another currency", { amount: "2 000,00 EUR" }, "manual_review, CURRENCY_MISMATCH doubt", null],
  [
    "another currency: the number counts for the threshold, money rules do not",
    { amount: "40 000,00 €" },
    "manual_review, HIGH_VALUE review, CURRENCY_MISMATCH doubt",
    null,
  ],
  [
    "another currency: an amount below the deductible",
    { amount: "100 EUR" },
    "manual_review, CURRENCY_MISMATCH doubt",
    null,
  ],
  [
    "a contract without cover",
    { contract: { coverage_amount: null } },
    "manual_review, MISSING_FIELD doubt",
    null,
  ],
  [
    "a contract with a cover of zero",
    { contract: { coverage_amount: 0 } },
    "manual_review, MISSING_FIELD doubt",
    null,
  ],
  [
    "a contract without deductible",
    { contract: { deductible: null } },
    "manual_review, MISSING_FIELD doubt",
    null,
  ],
  [
    "a contract with a negative deductible",
    { contract: { deductible: -1 } },
    "manual_review, MISSING_FIELD doubt",
    null,
  ],

  [
    "a health contract with a negative copay",
    { ...medical, contract: { ...medical.contract, copay: -5 } },
    "manual_review, MISSING_FIELD doubt",
    null,
  ],
  ["any other contract with one", { contract: { copay: -5 } }, "approve", 1500],
  [
    "a contract without currency",
    { contract: { currency: " " } },
    "manual_review, MISSING_FIELD doubt",
    null,
  ],
  ["a deductible of zero", { contract: { deductible: 0 } }, "approve", 2000],
  [
    "medical charges of 5,000 without authorization",
    { ...medical, amount: "USD 5,000.00" },
    "approve",
    4480,
  ],
  [
    "medical charges over 5,000 without authorization",
    { ...medical, amount: "USD 5,000.01" },
    "manual_review, PRIOR_AUTH_MISSING review",
    4480.01,
  ],
  ["the same with an authorization", authorized("AUTH-7"), "approve", 4480.01],
  ["the same with N/A", authorized("N/A"), "manual_review, PRIOR_AUTH_MISSING review", 4480.01],
  [
    "the same with a pending one",
    authorized("pending"),
    "manual_review, PRIOR_AUTH_MISSING review",
    4480.01,
  ],
  [
    "the same with one that was hardly legible",
    { ...authorized("AUTH-7"), unsure: { authorization_number: 0.3 } },
    "manual_review, LOW_OCR_CONFIDENCE doubt",
    4480.01,
  ],
  [
    "one that nothing asks for may be illegible",
    { ...authorized("AUTH-7"), amount: "USD 5,000.00", unsure: { authorization_number: 0.3 } },
    "approve",
    4480,
  ],
  ["a home claim over 5,000 needs none", { type: "Home", amount: "USD 6,000.00" }, "approve", 5000],
])("%s", (_, change, expected, payable) => {
  expect([gate(change), verdictOf(change).payableAmount]).toEqual([expected, payable]);
});

test.each([
  "1 240.00 USD",
  "1\u00a0240,00 USD",
  "1\u202f240,00 $",
  "USD 1.240,00",
  "$1,240.00",
  "US$ 1'240.00",
  "1240 dollars",
  "+1240.00 USD",
  "1,240 USD",
])("%s is 1,240.00", (amount) => {
  expect(verdictOf({ amount, contract: { deductible: 0 } }).payableAmount).toBe(1240);
});

test.each([
  "1,24,0 USD",
  "1.2.3 USD",
  "1240.005 USD",
  "12 40 USD",
  "USD 1,240.00 EUR",
  "1e3 USD",
  "0x10 USD",
  "Infinity USD",
  "NaN",
  "١٢٤٠ USD",
  "1,240.00 XYZZY",
])("%s is no amount", (amount) => {
  expect(gate({ amount })).toBe("manual_review, MISSING_FIELD doubt");
});

test("a hit shows every number that it compared", () => {
  expect(verdictOf({ amount: "USD 420.00" }).hits).toEqual([
    {
      code: "BELOW_DEDUCTIBLE",
      kind: "deny",
      message: "Nothing is payable: the amount does not exceed deductible and copay",
      evidence: {
        amount: 420,
        coverage_amount: 30_000,
        deductible: 500,
        copay: 0,
        payable_amount: 0,
        currency: "USD",
        contract_number: "CNT-1",
        page: 1,
      },
      source: "contract",
    },
  ]);
});
