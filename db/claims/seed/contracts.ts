import { sampleId } from "./ids.ts";
import { userKeyOf } from "./users.ts";

/** The standard terms of a contract type. */
const products = {
  Health: {
    cover: 50_000,
    deductible: 500,
    copay: 20,
    premium: 250,
    details: { copay: "20.00 a claim", prior_authorization_above: 5000 },
    exclusions: ["cosmetic surgery", "experimental treatment"],
  },
  Auto: {
    cover: 30_000,
    deductible: 500,
    copay: null,
    premium: 120,
    details: { liability: 100_000, theft_waiting_days: 30, rental_car_per_day: 50 },
    exclusions: ["racing", "commercial delivery"],
  },
  Home: {
    cover: 200_000,
    deductible: 1_000,
    copay: null,
    premium: 180,
    details: { dwelling: 200_000 },
    exclusions: ["flood", "earthquake", "gradual leak or wear"],
  },
  Life: {
    cover: 500_000,
    deductible: 0,
    copay: null,
    premium: 350,
    details: { term_years: 20, beneficiaries: 1 },
    exclusions: ["undeclared hazardous sport"],
  },
} as const;
type Product = keyof typeof products;

/** Number, user, product and what is not as usual: first and last day, currency. */
type Contract = readonly [
  number: string,
  user: number,
  product: Product,
  unusual?: { from?: string; to?: string; currency?: string },
];

const euro = { currency: "EUR" };
const contracts: readonly Contract[] = [
  ["CNT-2025-0001", 1, "Health"],
  ["CNT-2025-0002", 2, "Auto"],
  ["CNT-2025-0003", 3, "Home"],
  ["CNT-2015-0004", 4, "Life", { from: "2015-06-01", to: "2035-05-31" }],
  ["CNT-2024-0005", 5, "Auto", { from: "2024-01-01", to: "2024-12-31" }],
  ["CNT-2025-0006", 6, "Auto"],
  ["CNT-2025-0007", 7, "Auto"],
  ["CNT-2025-0008", 8, "Home"],
  ["CNT-2025-0009", 9, "Health"],
  ["CNT-2025-0010", 10, "Health"],
  ["CNT-2025-0011", 11, "Auto"],
  ["CNT-2025-0012", 12, "Home"],
  ["CNT-2025-0013", 13, "Health"],
  ["CNT-2025-0014", 14, "Auto"],
  ["CNT-2025-0015", 15, "Home"],
  ["CNT-2025-0016", 16, "Auto", euro],
  ["CNT-2025-0017", 17, "Home", euro],
  ["CNT-2025-0019", 19, "Home"],
  ["CNT-2025-0020", 20, "Health"],
  ["CNT-2025-0021", 20, "Home"],
  ["CNT-2025-0022", 21, "Auto", { from: "2025-07-01" }],
  ["CNT-2025-0023", 22, "Health"],
  ["CNT-2025-0024", 23, "Home"],
  ["CNT-2025-0025", 24, "Health"],
  ["CNT-2025-0026", 25, "Health", euro],
];

/** The sample contracts as rows; jsonb columns hold values. */
export function sampleContracts(): Record<string, unknown>[] {
  return contracts.map(([number, user, product, unusual = {}]) => {
    const { from = "2025-01-01", to = "2025-12-31", currency = "USD" } = unusual;
    const terms = products[product];
    return {
      id: sampleId("contract", number),
      user_id: userKeyOf(user),
      contract_number: number,
      contract_type: `${product} Insurance`,
      start_date: from,
      end_date: to,
      coverage_amount: terms.cover,
      deductible: terms.deductible,
      copay: terms.copay,
      currency,
      premium_amount: terms.premium,
      payment_frequency: "monthly",
      full_text: textOf(number, product, { from, to, currency }),
      key_terms: { cover: terms.cover, deductible: terms.deductible, copay: terms.copay, currency },
      coverage_details: terms.details,
      exclusions: terms.exclusions,
      is_active: true,
    };
  });
}

function textOf(
  number: string,
  product: Product,
  { from, to, currency }: { from: string; to: string; currency: string },
): string {
  const { cover, deductible, copay, premium, exclusions } = products[product];
  const amount = (value: number) => `${value.toFixed(2)} ${currency}`;
  return [
    `${product} Insurance contract ${number}, in force from ${from} to ${to}, both days included.`,
    `The insurer pays up to ${amount(cover)} a claim after a deductible of ${amount(deductible)}.`,
    copay === null ? "" : `The insured bears a copay of ${amount(copay)} a claim.`,
    `The monthly premium is ${amount(premium)}.`,
    `Not covered: ${exclusions.join(", ")}.`,
  ]
    .filter(Boolean)
    .join(" ");
}
