import { type Case, hasNoContract } from "./case.ts";
import type { RuleHit } from "./hit.ts";
import { isFilled, isSameName, policyKey } from "./text.ts";

/** CLAIMANT_MISMATCH: the document is about somebody else; on life claims it is the insured who counts. */
export function claimantMismatch({ reading, facts }: Case): RuleHit | undefined {
  const name = facts.user?.full_name ?? "";
  const printed = reading?.claimants.find(({ text }) => !isSameName(text, name));
  if (printed === undefined || !isFilled(name)) return undefined;
  return {
    code: "CLAIMANT_MISMATCH",
    kind: "doubt",
    message: "The name on the document is not the claimant's",
    evidence: {
      document_name: printed.text,
      user_name: name,
      field: printed.name,
      page: printed.page,
    },
    source: "document",
  };
}

/** POLICY_MISMATCH: the printed policy number is not one of the user's, of any type. */
export function policyMismatch(claim: Case): RuleHit | undefined {
  const printed = claim.reading?.policyNumber;
  if (printed === undefined || hasNoContract(claim)) return undefined;
  const held = claim.facts.contracts.map(({ contract_number }) => contract_number);
  const key = policyKey(printed.text);
  if (held.some((number) => policyKey(number) === key)) return undefined;
  return {
    code: "POLICY_MISMATCH",
    kind: "doubt",
    message: "The policy number on the document is not one of the claimant's",
    evidence: { document_policy_number: printed.text, contract_numbers: held, page: printed.page },
    source: "document",
  };
}
