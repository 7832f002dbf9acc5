import type { ContractFacts, Facts } from "../facts.ts";
import { toCents } from "./amount.ts";
import type { DocumentReading } from "./reading.ts";
import { type ClaimType, claimTypeOf } from "./terms.ts";
import { policyKey } from "./text.ts";

/** The contract that a claim falls under. */
export interface ContractChoice {
  /** Every contract of the claim's type. */
  readonly matching: readonly ContractFacts[];
  /** The one whose terms count; undefined when none matches. */
  readonly chosen: ContractFacts | undefined;
}

/** The contract's terms in cents; undefined where it has none. */
export interface Terms {
  readonly coverCents: number | undefined;
  readonly deductibleCents: number | undefined;
  readonly copayCents: number | undefined;
  readonly currency: string | undefined;
}

/**
 * Of the contracts of the claim's type: the usable one whose number is printed, else the first usable one, else the
 * first, whose terms then count as evidence.
 */
export function chooseContract(
  facts: Facts,
  type: ClaimType | undefined,
  reading: DocumentReading | undefined,
): ContractChoice {
  if (type === undefined) return { matching: [], chosen: undefined };
  const matching = facts.contracts.filter(
    ({ contract_type }) => claimTypeOf(contract_type) === type,
  );
  const date = trustedDate(reading);
  const usable = matching.filter((contract) => whyNotActive(contract, date) === undefined);
  const printed = reading?.policyNumber && policyKey(reading.policyNumber.text);
  const named = usable.find(({ contract_number }) => policyKey(contract_number) === printed);
  return { matching, chosen: named ?? usable[0] ?? matching[0] };
}

/** The incident date that may be held against the claimant. */
export function trustedDate(reading: DocumentReading | undefined): string | undefined {
  const found = reading?.incidentDate;
  return found?.isTrusted ? found.date : undefined;
}

/** Why a contract does not cover the date; undefined when it does, or when nothing speaks against it. */
export function whyNotActive(
  contract: ContractFacts,
  date: string | undefined,
): "cancelled" | "expired" | "not yet in force" | undefined {
  if (!contract.is_active) return "cancelled";
  if (date === undefined) return undefined;
  if (contract.start_date !== null && date < contract.start_date) return "not yet in force";
  if (contract.end_date !== null && date > contract.end_date) return "expired";
  return undefined;
}

/** A contract's terms; a cover of zero and a negative or blank term count as absent. */
export function termsOf(contract: ContractFacts, type: ClaimType | undefined): Terms {
  const cover = toCents(contract.coverage_amount ?? 0);
  const deductible = contract.deductible === null ? undefined : toCents(contract.deductible);
  const copay = type === "Medical" ? toCents(contract.copay ?? 0) : 0;
  const currency = contract.currency?.trim().toUpperCase();
  return {
    coverCents: cover !== undefined && cover > 0 ? cover : undefined,
    deductibleCents: deductible !== undefined && deductible >= 0 ? deductible : undefined,
    copayCents: copay !== undefined && copay >= 0 ? copay : undefined,
    currency: currency || undefined,
  };
}
