import type { ContractRecord } from "./records.ts";

/** What a contract was on the day of an incident. */
export type ContractStatus = "active" | "not_started" | "expired" | "cancelled" | "unknown";

/** A contract counts from its first to its last day, both included; a cancelled one never. */
export function statusAt(contract: ContractRecord, incidentDate: string): ContractStatus {
  if (contract.is_active === false) return "cancelled";
  const start = contract.start_date?.slice(0, 10);
  const end = contract.end_date?.slice(0, 10);
  if (start === undefined) return "unknown";
  if (incidentDate < start) return "not_started";
  if (end !== undefined && incidentDate > end) return "expired";
  return "active";
}
