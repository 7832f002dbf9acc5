import { type Case, hasNoContract } from "./case.ts";
import { trustedDate, whyNotActive } from "./contract.ts";
import { daysBetween } from "./date.ts";
import type { RuleHit } from "./hit.ts";
import { filingLimitDays } from "./terms.ts";

/** NO_CONTRACT: the user holds no contract of the claim's type. */
export function noContract(claim: Case): RuleHit | undefined {
  if (!hasNoContract(claim)) return undefined;
  return {
    code: "NO_CONTRACT",
    kind: "deny",
    message: `The claimant holds no ${claim.type} contract`,
    evidence: {
      claim_type: claim.type ?? null,
      contract_types: claim.facts.contracts.map(({ contract_type }) => contract_type),
      contract_numbers: claim.facts.contracts.map(({ contract_number }) => contract_number),
    },
    source: "contract",
  };
}

/** CONTRACT_NOT_ACTIVE: no matching contract is in force on the incident's date, or all are cancelled. */
export function contractNotActive({ contract, reading }: Case): RuleHit | undefined {
  const { matching, chosen } = contract;
  const date = trustedDate(reading);
  const reasons = matching.map((one) => whyNotActive(one, date));
  if (chosen === undefined || reasons.includes(undefined)) return undefined;
  const reason = whyNotActive(chosen, date) ?? "not in force";
  return {
    code: "CONTRACT_NOT_ACTIVE",
    kind: "deny",
    message: `No matching contract covers the incident: ${chosen.contract_number} is ${reason}`,
    evidence: {
      incident_date: date ?? null,
      contract_number: chosen.contract_number,
      start_date: chosen.start_date,
      end_date: chosen.end_date,
      is_active: chosen.is_active,
      reason,
      contracts_looked_at: matching.length,
      page: reading?.incidentDate?.page ?? null,
    },
    source: "contract",
  };
}

/** LATE_FILING: more days between the incident and the filing than the type allows. */
export function lateFiling({ type, reading, facts, filedOn }: Case): RuleHit | undefined {
  const date = trustedDate(reading);
  if (type === undefined || date === undefined) return undefined;
  const days = daysBetween(date, filedOn);
  if (days <= filingLimitDays[type]) return undefined;
  return {
    code: "LATE_FILING",
    kind: "deny",
    message: `Filed ${days} days after the incident; ${type} claims have ${filingLimitDays[type]}`,
    evidence: {
      incident_date: date,
      submitted_at: facts.claim.submitted_at,
      days,
      limit_days: filingLimitDays[type],
      page: reading?.incidentDate?.page ?? null,
    },
    source: "document",
  };
}
