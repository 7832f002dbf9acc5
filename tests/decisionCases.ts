import type { ContractFacts, DocumentFacts, Facts } from "../mcp/decision/facts.ts";
import { judge, type Verdict } from "../mcp/decision/rules/gate.ts";
import { contract, factsOf } from "./decisionClaims.ts";

type Type = "Medical" | "Auto" | "Home" | "Life";
type Fields = Readonly<Record<string, string | number | null>>;

/** How a case departs from a claim that is approved: 2,000 USD, incident on 2025-05-01, filed ten days later. */
export interface Change {
  type?: Type;
  name?: string;
  userName?: string | null;
  incident?: string | null;
  filed?: string;
  amount?: string;
  fields?: Fields;
  text?: string;
  language?: string;
  contract?: Partial<ContractFacts>;
  contracts?: readonly ContractFacts[];
  claim?: Partial<Facts["claim"]>;
  document?: Partial<DocumentFacts> | null;
  /** Confidence of single fields. */
  unsure?: Readonly<Record<string, number>>;
  others?: Facts["other_claims"];
}

/** The facts of an approvable claim with that change. */
export function caseFacts(change: Change = {}): Facts {
  const type = change.type ?? "Auto";
  const facts = factsOf({
    number: 100,
    type,
    user: 50,
    name: change.name ?? "Ada Byron",
    contracts: change.contracts ?? [contract("CNT-1", type, change.contract)],
    incident: change.incident === undefined ? "2025-05-01" : change.incident,
    filed: change.filed ?? "2025-05-11",
    amount: change.amount ?? "USD 2,000.00",
    fields: asTexts(change.fields ?? {}),
    text: change.text ?? "",
    language: change.language ?? "eng",
  });
  const document = facts.document && { ...facts.document, ...change.document };
  for (const [name, confidence] of Object.entries(change.unsure ?? {})) {
    const field = document?.fields[name];
    if (field) field.confidence = confidence;
  }
  const userName = change.userName === undefined ? facts.user?.full_name : change.userName;
  return {
    ...facts,
    claim: { ...facts.claim, ...change.claim },
    user: { user_id: "USR050", full_name: userName ?? null },
    document: change.document === null ? null : document,
    other_claims: change.others ?? [],
  };
}

/** Another claim of the same event, filed a day earlier unless it says otherwise. */
export function otherClaim(
  change: Change & Partial<Omit<Facts["other_claims"][number], "document">> = {},
): Facts["other_claims"][number] {
  const { claim, document } = caseFacts(change);
  return {
    claim_id: change.claim_id ?? "other",
    claim_number: "CLM-OTHER",
    user_id: change.user_id ?? claim.user_id,
    claim_type: change.claim_type ?? claim.claim_type,
    submitted_at: change.submitted_at ?? "2025-05-10T10:00:00Z",
    status: change.status ?? "completed",
    is_archived: change.is_archived ?? false,
    document: document && { ...document, sha256: change.document?.sha256 ?? "another" },
  };
}

/** What the gate makes of it, an approval proposed at 0.9: decision, then code and kind of each hit. */
export function gate(
  change: Change,
  decision: "approve" | "deny" | "manual_review" = "approve",
): string {
  const { recommendation, hits } = verdictOf(change, decision);
  return [recommendation, ...hits.map(({ code, kind }) => `${code} ${kind}`)].join(", ");
}

/** The whole verdict. */
export function verdictOf(
  change: Change,
  decision: "approve" | "deny" | "manual_review" = "approve",
): Verdict {
  return judge(caseFacts(change), { decision, confidence: 0.9 }, { highValueThreshold: 10_000 });
}

function asTexts(fields: Fields): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value === null ? null : String(value)]),
  );
}
