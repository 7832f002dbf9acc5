import type { DocumentFacts, Facts } from "../facts.ts";
import type { Case } from "./case.ts";
import type { RuleHit } from "./hit.ts";
import { readDocument } from "./reading.ts";
import { claimTypeOf } from "./terms.ts";

/** How far the amounts of a repeated claim may lie apart: 1 in this many of the earlier amount, inclusive. */
const amountTolerance = 100;
/** The most earlier claims that are named as evidence. */
const evidenceLimitCount = 10;

type OtherClaim = Facts["other_claims"][number];

/** DUPLICATE: an earlier claim that is not failed or archived has the same document or tells of the same event. */
export function duplicate(claim: Case): RuleHit | undefined {
  const found = claim.facts.other_claims
    .filter((other) => isEarlier(other, claim.facts))
    .flatMap((other) => {
      const reason = sameness(claim, other);
      return reason === undefined ? [] : [{ other, reason }];
    });
  const [first] = found;
  if (first === undefined) return undefined;
  return {
    code: "DUPLICATE",
    kind: "review",
    message: `Claim ${first.other.claim_number}, filed earlier, has the same ${first.reason}`,
    evidence: {
      claim_numbers: found.slice(0, evidenceLimitCount).map(({ other }) => other.claim_number),
      same: first.reason,
      earlier_submitted_at: first.other.submitted_at,
      submitted_at: claim.facts.claim.submitted_at,
      ...comparedAmounts(claim, first.other),
    },
    source: "claim",
  };
}

function isEarlier(other: OtherClaim, { claim }: Facts): boolean {
  if (other.claim_id === claim.claim_id || other.is_archived || other.status === "failed") {
    return false;
  }
  return Date.parse(other.submitted_at) < Date.parse(claim.submitted_at);
}

function sameness(claim: Case, other: OtherClaim): "document" | "event" | undefined {
  const hash = claim.document?.sha256?.toLowerCase();
  if (hash && other.document?.sha256?.toLowerCase() === hash) return "document";
  return isSameEvent(claim, other) ? "event" : undefined;
}

function isSameEvent(claim: Case, other: OtherClaim): boolean {
  const { type, reading, facts } = claim;
  if (type === undefined || other.user_id !== facts.claim.user_id) return false;
  if (claimTypeOf(other.claim_type) !== type) return false;
  const earlier = readEvent(other.document);
  const date = reading?.incidentDate?.date;
  const cents = reading?.amount?.money.cents;
  if (date === undefined || cents === undefined || earlier.date !== date) return false;
  if (earlier.cents === undefined || earlier.currency !== reading?.currency) return false;
  return Math.abs(cents - earlier.cents) * amountTolerance <= earlier.cents;
}

function readEvent(document: DocumentFacts | null): {
  date?: string | undefined;
  cents?: number | undefined;
  currency?: string | undefined;
} {
  if (document === null) return {};
  const { incidentDate, amount, currency } = readDocument(document);
  return { date: incidentDate?.date, cents: amount?.money.cents, currency };
}

function comparedAmounts(claim: Case, other: OtherClaim): RuleHit["evidence"] {
  const earlier = readEvent(other.document);
  return {
    incident_date: claim.reading?.incidentDate?.date ?? null,
    amount: (claim.reading?.amount?.money.cents ?? Number.NaN) / 100 || null,
    earlier_amount: (earlier.cents ?? Number.NaN) / 100 || null,
  };
}
