import type { Case } from "./case.ts";
import type { RuleHit } from "./hit.ts";
import { fieldsOf } from "./reading.ts";

/** From this amount on a medical treatment needs an authorization, in units. */
const authorizationOver = 5_000;

/** What would be paid, and between which amounts it was computed, in cents. */
export interface Payable {
  readonly payableCents: number;
  readonly amountCents: number;
  readonly coverCents: number;
  readonly deductibleCents: number;
  readonly copayCents: number;
  readonly currency: string;
}

/** max(0, min(amount, cover) - deductible - copay); undefined when a part is missing or the currencies differ. */
export function payableOf({ reading, terms }: Case): Payable | undefined {
  const amountCents = reading?.amount?.money.cents;
  const { coverCents, deductibleCents, copayCents, currency } = terms ?? {};
  if (amountCents === undefined || coverCents === undefined) return undefined;
  if (deductibleCents === undefined || copayCents === undefined) return undefined;
  if (currency === undefined || reading?.currency !== currency) return undefined;
  const covered = Math.min(amountCents, coverCents);
  const payableCents = Math.max(0, covered - deductibleCents - copayCents);
  return { payableCents, amountCents, coverCents, deductibleCents, copayCents, currency };
}

/** BELOW_DEDUCTIBLE and OVER_LIMIT: nothing is payable, or not all of it. */
export function limits(claim: Case): RuleHit[] {
  const payable = payableOf(claim);
  if (payable === undefined) return [];
  const evidence = {
    amount: payable.amountCents / 100,
    coverage_amount: payable.coverCents / 100,
    deductible: payable.deductibleCents / 100,
    copay: payable.copayCents / 100,
    payable_amount: payable.payableCents / 100,
    currency: payable.currency,
    contract_number: claim.contract.chosen?.contract_number ?? null,
    page: claim.reading?.amount?.page ?? null,
  };
  const hits: RuleHit[] = [];
  if (payable.payableCents === 0) {
    const message = "Nothing is payable: the amount does not exceed deductible and copay";
    hits.push({ code: "BELOW_DEDUCTIBLE", kind: "deny", message, evidence, source: "contract" });
  }
  if (payable.amountCents > payable.coverCents) {
    const message = "The amount is above the cover; the payable amount is capped";
    hits.push({ code: "OVER_LIMIT", kind: "review", message, evidence, source: "contract" });
  }
  return hits;
}

/** HIGH_VALUE: counts by the number, whatever the currency. */
export function highValue({ reading, options }: Case): RuleHit | undefined {
  const amount = reading?.amount;
  const threshold = options.highValueThreshold;
  if (amount === undefined || amount.money.cents < Math.round(threshold * 100)) return undefined;
  return {
    code: "HIGH_VALUE",
    kind: "review",
    message: `The amount reaches ${threshold}, from which on a person decides`,
    evidence: {
      amount: amount.money.cents / 100,
      threshold,
      currency: reading?.currency ?? null,
      page: amount.page,
    },
    source: "document",
  };
}

/** True for a medical claim over the amount from which on the document has to name an authorization. */
export function needsAuthorization({ type, reading }: Pick<Case, "type" | "reading">): boolean {
  const cents = reading?.amount?.money.cents ?? 0;
  return type === "Medical" && cents > authorizationOver * 100;
}

/** PRIOR_AUTH_MISSING: a number holds at least one digit, so "N/A" and "pending" are none. */
export function priorAuthorization({ type, document, reading }: Case): RuleHit | undefined {
  const amount = reading?.amount;
  if (type !== "Medical" || document === undefined || amount === undefined) return undefined;
  const printed = fieldsOf(document, "authorization");
  if (!needsAuthorization({ type, reading })) return undefined;
  if (printed.some(({ text }) => /\p{N}/u.test(text))) return undefined;
  return {
    code: "PRIOR_AUTH_MISSING",
    kind: "review",
    message: `Medical charges over ${authorizationOver} need an authorization number`,
    evidence: {
      amount: amount.money.cents / 100,
      limit: authorizationOver,
      authorization_number: printed[0]?.text ?? null,
      page: amount.page,
    },
    source: "document",
  };
}

/** CURRENCY_MISMATCH: claim and contract are in different currencies, so nothing can be computed. */
export function currencyMismatch({ reading, terms, contract }: Case): RuleHit | undefined {
  const claimed = reading?.currency;
  const agreed = terms?.currency;
  if (claimed === undefined || agreed === undefined || claimed === agreed) return undefined;
  return {
    code: "CURRENCY_MISMATCH",
    kind: "doubt",
    message: `The claim is in ${claimed}, the contract in ${agreed}`,
    evidence: {
      claim_currency: claimed,
      contract_currency: agreed,
      contract_number: contract.chosen?.contract_number ?? null,
      page: reading?.amount?.page ?? null,
    },
    source: "document",
  };
}
