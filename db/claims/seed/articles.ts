import { sampleId } from "./ids.ts";

type Article = readonly [category: string, title: string, content: string, tags: string[]];

const articles: readonly Article[] = [
  [
    "Coverage",
    "Covered medical services",
    "Health contracts cover consultations, diagnostics, hospital stays, surgery that is medically necessary, emergency care and prescribed drugs, up to the cover of the contract a claim. Cosmetic surgery and experimental treatment are not covered.",
    ["medical", "health"],
  ],
  [
    "Coverage",
    "Home cover and the flood exclusion",
    "Home contracts cover fire, storm, theft and sudden water damage to the dwelling and its contents. Damage by flood, that is water rising from rivers, the sea or surface run-off, and by earthquake is excluded.",
    ["home", "flood"],
  ],
  [
    "Coverage",
    "Life benefit",
    "The benefit of a life contract is paid to the named beneficiary when the insured dies within the term. A certified death certificate is needed. Death during a hazardous sport that was not declared is excluded.",
    ["life"],
  ],
  [
    "Coverage",
    "Auto theft and its waiting period",
    "Theft of the insured vehicle is covered. Payment is made after a wait of 30 days from the police report, in case the vehicle is found.",
    ["auto", "theft"],
  ],
  [
    "Coverage",
    "Sudden versus gradual water damage",
    "Water damage is covered when it is sudden and accidental, such as a burst pipe. Gradual damage by a slow leak, seepage, corrosion or wear is excluded.",
    ["home", "water"],
  ],
  [
    "Coverage",
    "Emergency appendicitis surgery",
    "An appendectomy in an emergency is covered without prior authorization when the hospital reports it within 48 hours. Deductible and copay apply as usual.",
    ["medical", "emergency"],
  ],
  [
    "Claims Processing",
    "Medical filing and prior authorization",
    "Medical claims are filed within 90 days of the date of service. Services above 5 000 need a prior authorization; its number is stated on the claim.",
    ["medical", "filing", "authorization"],
  ],
  [
    "Claims Processing",
    "Auto filing",
    "Auto claims are filed within 30 days of the incident, with the number of the police report.",
    ["auto", "filing"],
  ],
  [
    "Claims Processing",
    "Burglary",
    "A burglary is reported to the police within 24 hours. The report and a list of what was stolen are part of the claim.",
    ["home", "burglary"],
  ],
  [
    "Claims Processing",
    "Collision and rental car",
    "After a collision a rental car is paid at up to 50 a day for up to 30 days while the vehicle is being repaired.",
    ["auto", "collision"],
  ],
  [
    "Claims Processing",
    "Home filing",
    "Home claims are filed within 60 days of the loss, with its cause and photos of the damage.",
    ["home", "filing"],
  ],
  [
    "Policy Terms",
    "Deductible and copay order",
    "The amount is first capped at the cover. Then the deductible is taken off, then, for health contracts, the copay. What is left is paid; nothing is paid when nothing is left.",
    ["deductible", "copay"],
  ],
  [
    "Policy Terms",
    "Drug tiers",
    "Prescribed drugs are in three tiers: generic, preferred brand and other brand. Generic drugs are paid in full after the copay, preferred brands at 80 percent, other brands at 50 percent.",
    ["medical", "drugs"],
  ],
  [
    "Policy Terms",
    "Maximum limits per contract type",
    "The cover of one claim is 50 000 for Health, 30 000 for Auto, 200 000 for Home and 500 000 for Life contracts unless the contract says otherwise.",
    ["limits"],
  ],
  [
    "Authorization",
    "Services that need prior authorization",
    "Prior authorization is needed for planned surgery, MRI and CT scans, physiotherapy beyond ten sessions and every service above 5 000. A specialist is seen on referral by the family doctor.",
    ["medical", "authorization"],
  ],
];

/** The sample articles as rows; jsonb columns hold values. */
export function sampleArticles(): Record<string, unknown>[] {
  return articles.map(([category, title, content, tags]) => ({
    id: sampleId("article", title),
    title,
    content,
    category,
    tags,
    version: "1.0",
    is_active: true,
    effective_date: "2024-01-01",
  }));
}
