import { type Case, hasNoContract } from "./case.ts";
import type { RuleHit } from "./hit.ts";
import { needsAuthorization } from "./money.ts";
import { fieldsOf, poorPages, type Role, trustedFrom } from "./reading.ts";
import { isFilled } from "./text.ts";

/** DOCUMENT_NOT_READ: there is nothing to judge the claim by. */
export function documentNotRead({ document, facts }: Case): RuleHit | undefined {
  if (document !== undefined) return undefined;
  return {
    code: "DOCUMENT_NOT_READ",
    kind: "doubt",
    message: "No extraction of the document is stored",
    evidence: { claim_number: facts.claim.claim_number },
    source: "document",
  };
}

/** MISSING_FIELD: names everything that is absent or cannot be used; the rules that need it have been skipped. */
export function missingFields(claim: Case): RuleHit | undefined {
  const missing = [...missingInClaim(claim), ...missingInDocument(claim), ...missingTerms(claim)];
  if (missing.length === 0) return undefined;
  return {
    code: "MISSING_FIELD",
    kind: "doubt",
    message: `Missing or unusable: ${missing.join(", ")}`,
    evidence: { missing },
    source: "document",
  };
}

/** LOW_OCR_CONFIDENCE: a page, the whole or a required field was read with too little confidence. */
export function lowOcrConfidence(claim: Case): RuleHit | undefined {
  const { document } = claim;
  if (document === undefined) return undefined;
  const pages = poorPages(document);
  // That there is no authorization number is for a rule of its own to say.
  const authorization: RequiredItem = { name: "authorization_number", roles: ["authorization"] };
  const items = [...requiredItems(claim), ...(needsAuthorization(claim) ? [authorization] : [])];
  const fields = items.flatMap((item) => {
    const read = item.roles.flatMap((role) => fieldsOf(document, role, claim.type).slice(0, 1));
    const isCertain = read.some(({ confidence }) => (confidence ?? 1) >= trustedFrom);
    return isCertain ? [] : read.map(({ name, confidence }) => `${name} ${confidence}`);
  });
  if (pages.length === 0 && fields.length === 0) return undefined;
  return {
    code: "LOW_OCR_CONFIDENCE",
    kind: "doubt",
    message: `Read with a confidence below ${trustedFrom}`,
    evidence: {
      limit: trustedFrom,
      pages: pages.map(({ page, confidence }) => `${page ?? "document"} ${confidence}`),
      fields,
    },
    source: "document",
  };
}

interface RequiredItem {
  readonly name: string;
  /** Any of them will do. */
  readonly roles: readonly Role[];
}

function requiredItems(claim: Case): RequiredItem[] {
  const items: RequiredItem[] = [
    { name: "incident_date", roles: ["incident_date"] },
    { name: "claimant", roles: ["claimant"] },
    { name: "amount", roles: ["amount"] },
  ];
  if (!hasNoContract(claim)) items.push({ name: "policy_number", roles: ["policy_number"] });
  if (claim.type === "Auto") items.push({ name: "police_report_number", roles: ["police_report"] });
  if (claim.type === "Home") items.push({ name: "cause_or_type_of_loss", roles: ["cause"] });
  if (claim.type === "Medical")
    items.push({ name: "diagnosis_or_procedure", roles: ["diagnosis"] });
  return items;
}

function missingInClaim({ type, facts }: Case): string[] {
  const missing: string[] = [];
  if (type === undefined) missing.push("claim_type");
  if (!isFilled(facts.user?.full_name ?? "")) missing.push("user_name");
  return missing;
}

/** With no stored document its fields are unknown, not missing. */
function missingInDocument(claim: Case): string[] {
  const { document, reading, isIncidentAfterFiling } = claim;
  if (document === undefined || reading === undefined) return [];
  const missing = requiredItems(claim).flatMap(({ name, roles }) => {
    if (roles.some((role) => fieldsOf(document, role, claim.type).length > 0)) return [];
    return [name];
  });
  const isPresent = (name: string) => !missing.includes(name);
  if (isIncidentAfterFiling) missing.push("incident_date (after the filing)");
  else if (reading.incidentDate === undefined && isPresent("incident_date")) {
    missing.push("incident_date (not a clear date)");
  }
  if (reading.amount === undefined && isPresent("amount")) {
    missing.push("amount (not a clear amount above zero)");
  }
  if (reading.amount !== undefined && reading.currency === undefined) missing.push("currency");
  if (document.confidence === null) missing.push("document_confidence");
  return missing;
}

function missingTerms({ terms, contract }: Case): string[] {
  if (terms === undefined) return [];
  const missing: string[] = [];
  if (terms.coverCents === undefined) missing.push("contract_coverage_amount");
  if (terms.deductibleCents === undefined) missing.push("contract_deductible");
  if (terms.copayCents === undefined) missing.push("contract_copay");
  if (terms.currency === undefined) missing.push("contract_currency");
  if (contract.chosen?.start_date == null) missing.push("contract_start_date");
  if (contract.chosen?.end_date == null) missing.push("contract_end_date");
  return missing;
}
