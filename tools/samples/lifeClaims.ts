import { type SampleClaim, usual } from "./sampleClaim.ts";

export const lifeClaims: readonly SampleClaim[] = [
  {
    ...usual,
    number: "CLM-2025-0004",
    type: "Life",
    user: "USR004",
    name: "Samuel Ortega",
    address: "731 Mesa Drive, Santa Fe, NM 87501",
    policy: "CNT-2015-0004",
    incident: "2025-01-19",
    filed: "2025-02-25",
    amount: 500_000,
    particulars: { beneficiary: "Isabel Ortega", certificate: "NM-2025-018842" },
    story: [
      "The insured died at home after a long illness. The certificate of death is attached in the original.",
      "The beneficiary asks for the benefit to be transferred to the account that is known to the insurer.",
    ],
  },
];
