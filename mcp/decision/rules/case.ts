import type { DocumentFacts, Facts } from "../facts.ts";
import { type ContractChoice, chooseContract, type Terms, termsOf } from "./contract.ts";
import { utcDate } from "./date.ts";
import { type DocumentReading, readDocument } from "./reading.ts";
import { type ClaimType, claimTypeOf } from "./terms.ts";

/** What the agent proposed. */
export interface Proposal {
  readonly decision: "approve" | "deny" | "manual_review";
  /** 0 to 1. */
  readonly confidence: number;
}

/** The operator's numbers. */
export interface RuleOptions {
  /** From this amount on a person decides, in units of the claim's currency. */
  readonly highValueThreshold: number;
}

/** A claim as the rules see it: the facts, and what was read and chosen once for all of them. */
export interface Case {
  readonly facts: Facts;
  readonly proposal: Proposal;
  readonly options: RuleOptions;
  readonly type: ClaimType | undefined;
  readonly document: DocumentFacts | undefined;
  readonly reading: DocumentReading | undefined;
  /** The incident is dated after the filing: its date counts as missing. */
  readonly isIncidentAfterFiling: boolean;
  readonly contract: ContractChoice;
  /** Undefined when no contract matches. */
  readonly terms: Terms | undefined;
  /** The UTC date of the filing. */
  readonly filedOn: string;
}

/** Reads the facts for the rules. */
export function openCase(facts: Facts, proposal: Proposal, options: RuleOptions): Case {
  const type = claimTypeOf(facts.claim.claim_type);
  const document = facts.document ?? undefined;
  const filedOn = utcDate(facts.claim.submitted_at);
  const read = document && readDocument(document, type);
  const isIncidentAfterFiling = (read?.incidentDate?.date ?? "") > filedOn;
  const reading = read && isIncidentAfterFiling ? { ...read, incidentDate: undefined } : read;
  const contract = chooseContract(facts, type, reading);
  return {
    facts,
    proposal,
    options,
    type,
    document,
    reading,
    isIncidentAfterFiling,
    contract,
    terms: contract.chosen && termsOf(contract.chosen, type),
    filedOn,
  };
}

/** True when the type is known and the user holds no contract of it. */
export function hasNoContract({ type, contract }: Case): boolean {
  return type !== undefined && contract.matching.length === 0;
}
