import { type ContractFacts, Facts } from "../mcp/decision/facts.ts";
import type { RuleCode } from "../mcp/decision/rules/hit.ts";

/** One labelled claim: its facts, as read from its document, and what the gate makes of a proposed approval at 0.9. */
export interface LabelledClaim {
  number: string;
  facts: Facts;
  outcome: "approve" | "deny" | "manual_review";
  hits: readonly RuleCode[];
  payable: number | null;
}

const terms = {
  Medical: { type: "Health Insurance", cover: 50_000, deductible: 500, copay: 20 },
  Auto: { type: "Auto Insurance", cover: 30_000, deductible: 500, copay: null },
  Home: { type: "Home Insurance", cover: 200_000, deductible: 1_000, copay: null },
  Life: { type: "Life Insurance", cover: 500_000, deductible: 0, copay: null },
} as const;
const exclusions = {
  Medical: ["cosmetic surgery", "experimental treatment"],
  Auto: ["racing", "commercial delivery"],
  Home: ["flood", "earthquake", "gradual leak or wear"],
  Life: ["undeclared hazardous sport"],
} as const;

type Type = keyof typeof terms;

/** A contract of the standard terms. */
export function contract(
  number: string,
  type: Type,
  change: Partial<ContractFacts> = {},
): ContractFacts {
  return {
    contract_number: number,
    contract_type: terms[type].type,
    start_date: "2025-01-01",
    end_date: "2025-12-31",
    coverage_amount: terms[type].cover,
    deductible: terms[type].deductible,
    copay: terms[type].copay,
    currency: "USD",
    exclusions: [...exclusions[type]],
    is_active: true,
    ...change,
  };
}

/** What a claim's document prints; a field that is null is left out. */
interface Sheet {
  number: number;
  type: Type;
  user: number;
  name: string;
  contracts: readonly ContractFacts[];
  incident: string | null;
  filed: string;
  amount: string;
  fields?: Readonly<Record<string, string | null>>;
  confidence?: number;
  text?: string;
  language?: string;
}

/** The facts of a claim whose document holds everything that its type asks for. */
export function factsOf(sheet: Sheet): Facts {
  const confidence = sheet.confidence ?? 1;
  const printed = { ...standardFields(sheet), ...sheet.fields };
  const fields = Object.fromEntries(
    Object.entries(printed).flatMap(([name, value]) =>
      value === null ? [] : [[name, { value, confidence, page: 1 }]],
    ),
  );
  const user_id = `USR${String(sheet.user).padStart(3, "0")}`;
  const lines = Object.entries(printed).map(([name, value]) => `${name}: ${value}`);
  return Facts.parse({
    claim: {
      claim_id: `00000000-0000-4000-8000-${String(sheet.number).padStart(12, "0")}`,
      claim_number: `CLM-2025-${String(sheet.number).padStart(4, "0")}`,
      user_id,
      claim_type: sheet.type,
      submitted_at: `${sheet.filed}T10:00:00Z`,
    },
    user: { user_id, full_name: sheet.name },
    contracts: sheet.contracts,
    document: {
      sha256: String(sheet.number).padStart(64, "0"),
      confidence,
      pages: [{ page: 1, confidence }],
      fields,
      text: `[Page 1]\n${lines.join("\n")}\n${sheet.text ?? ""}`,
      language: sheet.language ?? "eng",
    },
  });
}

function standardFields(sheet: Sheet): Record<string, string | null> {
  const policy_number = sheet.contracts[0]?.contract_number ?? "CNT-0000-9999";
  const { incident, amount, name } = sheet;
  if (sheet.type === "Medical") {
    const care = { diagnosis_code: "S52.5", diagnosis: "Fracture of the lower radius" };
    return {
      patient: name,
      date_of_service: incident,
      total_charges: amount,
      policy_number,
      ...care,
    };
  }
  if (sheet.type === "Life") {
    const person = { insured: name, beneficiary: "Carmen Ortega", certificate_number: "DC-11" };
    return { ...person, date_of_death: incident, amount, policy_number };
  }
  const base = { claimant_name: name, estimated_repair_cost: amount, policy_number };
  if (sheet.type === "Home") return { ...base, date_of_loss: incident, cause: "Windstorm" };
  return { ...base, date_of_incident: incident, police_report_number: "PR-2025-118" };
}

function claimOf(row: Readonly<Record<string, string>>): LabelledClaim {
  const facts = factsOf({
    number: Number(row.number),
    // The table holds only names of types.
    type: row.type as Type,
    user: Number(row.user),
    name: row.name ?? "",
    contracts: (row.contracts ?? "").split(", ").filter(Boolean).map(contractOf),
    incident: row.incident || null,
    filed: row.filed ?? "",
    amount: row.amount ?? "",
    fields: Object.fromEntries(
      (row.fields ?? "")
        .split("; ")
        .filter(Boolean)
        .map((field) => field.split("=")),
    ),
    confidence: Number(row.confidence),
    text: row.text ?? "",
    language: row.language ?? "",
  });
  return {
    number: facts.claim.claim_number,
    facts,
    // As above.
    outcome: row.outcome as LabelledClaim["outcome"],
    hits: (row.hits ?? "").split(" ").filter(Boolean) as RuleCode[],
    payable: row.payable ? Number(row.payable) : null,
  };
}

function contractOf(words: string): ContractFacts {
  const [number = "", type = "", currency = "USD", start_date, end_date] = words.split(" ");
  const dates = start_date && end_date ? { start_date, end_date } : {};
  return contract(number, type as Type, { currency, ...dates });
}

/** Every claim knows the others of its user, as the claims service tells them. */
function withOthers(own: LabelledClaim, _: number, all: readonly LabelledClaim[]): LabelledClaim {
  const others = all.filter(
    ({ facts }) => facts.claim.user_id === own.facts.claim.user_id && facts !== own.facts,
  );
  const other_claims = others.map(({ facts: { claim, document } }) => ({
    ...claim,
    status: "pending",
    is_archived: false,
    document,
  }));
  return { ...own, facts: { ...own.facts, other_claims } };
}

function readTable(text: string): Record<string, string>[] {
  const [names = [], ...rows] = text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split("|"));
  return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? ""])));
}

/** The 30 claims of the sample data with their labels. */
export const labelledClaims: readonly LabelledClaim[] = readTable(
  await Bun.file(`${import.meta.dir}/decisionClaims.psv`).text(),
)
  .map(claimOf)
  .map(withOthers);
