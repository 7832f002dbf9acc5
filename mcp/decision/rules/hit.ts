/** The codes of the rules, in the order in which their hits are listed. */
export const ruleCodes = [
  "NO_CONTRACT",
  "CONTRACT_NOT_ACTIVE",
  "EXCLUSION",
  "BELOW_DEDUCTIBLE",
  "LATE_FILING",
  "OVER_LIMIT",
  "HIGH_VALUE",
  "PRIOR_AUTH_MISSING",
  "DUPLICATE",
  "LOW_AGENT_CONFIDENCE",
  "CLAIMANT_MISMATCH",
  "POLICY_MISMATCH",
  "MISSING_FIELD",
  "LOW_OCR_CONFIDENCE",
  "DOCUMENT_NOT_READ",
  "CURRENCY_MISMATCH",
  "PROMPT_INJECTION",
] as const;
export type RuleCode = (typeof ruleCodes)[number];

/** deny refuses, review asks for a person, doubt asks for a person because the data itself cannot be relied on. */
export type HitKind = "deny" | "review" | "doubt";

/** A rule that applies, with the values that it compared. */
export interface RuleHit {
  readonly code: RuleCode;
  readonly kind: HitKind;
  readonly message: string;
  readonly evidence: Readonly<Record<string, Evidence>>;
  /** Where the deciding value comes from. */
  readonly source: "document" | "contract" | "claim" | "user" | "agent";
}

/** Money in units, dates as YYYY-MM-DD. */
export type Evidence = string | number | boolean | null | readonly string[];
