/**
 * The rules of the gate and what a run says of itself, in English. Of each: its name, what it says, and what it tells when
 * the evidence has every `{member}`; `suspects` in place of `tells` where the hit is no denial.
 */
export const englishRules = {
  NO_CONTRACT: {
    title: "No contract of this type",
    says: "The claimant holds no contract of this type",
    tells: "The claimant holds no {claim_type} contract",
  },
  CONTRACT_NOT_ACTIVE: {
    title: "Contract not active",
    says: "No contract of this type is in force on the date of the incident",
    tells:
      "Contract {contract_number} does not cover the incident of {incident_date}: it is {reason} (cover from {start_date} to {end_date})",
  },
  EXCLUSION: {
    title: "Excluded by the contract",
    says: "The contract excludes this cause or treatment",
    tells: "The contract excludes “{exclusion}”, which the document states: “{value}”",
    suspects:
      "The document may speak of “{exclusion}”, which the contract excludes; it says: “{value}”",
  },
  BELOW_DEDUCTIBLE: {
    title: "Below the deductible",
    says: "Nothing is payable: the amount does not exceed deductible and copay",
    tells:
      "Nothing is payable: the amount of {amount} does not exceed deductible and copay ({deductible} + {copay})",
  },
  LATE_FILING: {
    title: "Filed too late",
    says: "The claim was filed after its time limit",
    tells:
      "Filed {days} days after the incident of {incident_date}; the limit is {limit_days} days",
  },
  OVER_LIMIT: {
    title: "Over the cover",
    says: "The amount is above the cover; the payable amount is capped",
    tells:
      "The amount of {amount} is above the cover of {coverage_amount}; at most {payable_amount} is payable",
  },
  HIGH_VALUE: {
    title: "High amount",
    says: "The amount reaches the threshold from which on a person decides",
    tells: "The amount of {amount} reaches {threshold}, from which on a person decides",
  },
  PRIOR_AUTH_MISSING: {
    title: "Prior authorization missing",
    says: "The number of the prior authorization is missing",
    tells: "Charges over {limit} need an authorization number; the document charges {amount}",
  },
  DUPLICATE: {
    title: "Filed before",
    says: "A claim filed earlier has the same document or tells of the same event",
    tells: "Filed earlier with the {same}: {claim_numbers}",
  },
  LOW_AGENT_CONFIDENCE: {
    title: "The agent is not sure",
    says: "The agent is not sure enough of its proposal",
    tells: "The agent is {confidence} sure of its proposal; below {limit} a person decides",
  },
  CLAIMANT_MISMATCH: {
    title: "Another person's name",
    says: "The name on the document is not the claimant's",
    tells: "The document names “{document_name}”, the claimant is “{user_name}”",
  },
  POLICY_MISMATCH: {
    title: "Policy of somebody else",
    says: "The policy number on the document is not one of the claimant's",
    tells: "Policy number “{document_policy_number}” on the document is not one of the claimant's",
  },
  MISSING_FIELD: {
    title: "Something is missing",
    says: "Something that is needed is missing or cannot be used",
    tells: "Missing or unusable: {missing}",
  },
  LOW_OCR_CONFIDENCE: {
    title: "Hard to read",
    says: "The document was not read with enough certainty",
    tells: "What counts was read with a confidence below {limit}",
  },
  DOCUMENT_NOT_READ: { title: "Document not read", says: "The document has not been read" },
  CURRENCY_MISMATCH: {
    title: "Different currencies",
    says: "Claim and contract are in different currencies",
    tells: "The claim is in {claim_currency}, the contract in {contract_currency}",
  },
  PROMPT_INJECTION: {
    title: "Instructions to the agent",
    says: "The document contains instructions to the agent",
  },
  NO_DECISION_RECORDED: {
    title: "No decision recorded",
    says: "The run ended without a valid decision",
  },
  SHIELD_BLOCKED: {
    title: "Stopped by the shield",
    says: "The shield objects to the text of the document",
  },
  SHIELD_UNAVAILABLE: {
    title: "Shield not available",
    says: "The shield does not answer",
  },
  STEP_LIMIT_REACHED: {
    title: "Agent not finished",
    says: "The agent did not finish within its limits",
  },
};
