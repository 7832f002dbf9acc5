import type { DocumentFacts } from "../facts.ts";
import { currencyOf, type Money, parseAmount } from "./amount.ts";
import { parseDate } from "./date.ts";
import type { ClaimType } from "./terms.ts";
import { isFilled } from "./text.ts";

/** Below this confidence, 0 to 1, what was read is not relied on. */
export const trustedFrom = 0.7;

/** What the rules ask a document for. */
export type Role =
  | "incident_date"
  | "claimant"
  | "amount"
  | "policy_number"
  | "police_report"
  | "cause"
  | "diagnosis"
  | "authorization"
  | "description"
  | "currency";

/** The fields that may hold each item, the most telling first. */
const fieldNames: Readonly<Record<Role, readonly string[]>> = {
  incident_date: [
    "incident_date",
    "date_of_incident",
    "date_of_loss",
    "loss_date",
    "date_of_service",
    "service_date",
    "date_of_death",
  ],
  claimant: ["claimant_name", "claimant", "patient_name", "patient"],
  amount: [
    "amount",
    "claim_amount",
    "estimated_repair_cost",
    "repair_cost",
    "total_charges",
    "total_amount",
    "total",
  ],
  policy_number: ["policy_number", "contract_number"],
  police_report: ["police_report_number", "police_report"],
  cause: ["cause", "cause_of_loss", "type_of_loss", "loss_type"],
  diagnosis: [
    "diagnosis",
    "diagnosis_text",
    "diagnosis_description",
    "diagnosis_code",
    "procedure",
    "procedures",
    "procedure_code",
  ],
  authorization: ["authorization_number", "prior_authorization_number", "prior_authorization"],
  description: ["description", "incident_description", "damage_description", "damage"],
  currency: ["currency"],
};

/**
 * On a life claim the claimant is the beneficiary; the person that the contract is about is the insured. Other documents
 * print the insured where they print no claimant.
 */
const insuredNames: readonly string[] = ["insured_name", "insured", "deceased", "deceased_name"];

/** One field of the document that holds something. */
export interface ReadField {
  readonly name: string;
  readonly text: string;
  readonly raw: string | number;
  readonly page: number | null;
  readonly confidence: number | null;
  readonly isTrusted: boolean;
}

/** Every filled field that may hold the item, the most telling first. */
export function fieldsOf(document: DocumentFacts, role: Role, type?: ClaimType): ReadField[] {
  const read = (names: readonly string[]) =>
    names.flatMap((name) => readField(document, name) ?? []);
  if (role !== "claimant") return read(fieldNames[role]);
  const claimants = type === "Life" ? [] : read(fieldNames.claimant);
  return claimants.length > 0 ? claimants : read(insuredNames);
}

/** The parsed values of a document that several rules need; undefined where it holds none. */
export interface DocumentReading {
  readonly incidentDate: (ReadField & { readonly date: string }) | undefined;
  readonly amount: (ReadField & { readonly money: Money }) | undefined;
  /** The currency printed beside the amount or in a field of its own. */
  readonly currency: string | undefined;
  /** Every name under which the document speaks of the claimant. */
  readonly claimants: readonly ReadField[];
  readonly policyNumber: ReadField | undefined;
}

/** Reads what the rules share. A date or an amount that cannot be parsed, and an amount of zero or less, is absent. */
export function readDocument(document: DocumentFacts, type?: ClaimType): DocumentReading {
  const [dateField] = fieldsOf(document, "incident_date");
  const date = dateField && parseDate(dateField.text, document.language);
  const [amountField] = fieldsOf(document, "amount");
  const money = amountField && parseAmount(amountField.raw);
  const [currencyField] = fieldsOf(document, "currency");
  return {
    incidentDate: dateField && date ? { ...dateField, date } : undefined,
    amount: amountField && money && money.cents > 0 ? { ...amountField, money } : undefined,
    currency: money?.currency ?? (currencyField && currencyOf(currencyField.text)),
    claimants: fieldsOf(document, "claimant", type),
    policyNumber: fieldsOf(document, "policy_number")[0],
  };
}

/** The pages, or the whole, that were read with too little confidence; see `trustedFrom`. */
export function poorPages(document: DocumentFacts): { page: number | null; confidence: number }[] {
  const whole = { page: null, confidence: document.confidence };
  return [whole, ...document.pages].flatMap(({ page, confidence }) =>
    confidence !== null && confidence < trustedFrom ? [{ page, confidence }] : [],
  );
}

function readField(document: DocumentFacts, name: string): ReadField | undefined {
  const field = Object.hasOwn(document.fields, name) ? document.fields[name] : undefined;
  if (field === undefined || field.value === null || !isFilled(String(field.value)))
    return undefined;
  const { value: raw, page, confidence } = field;
  return {
    name,
    raw,
    text: String(raw).trim(),
    page,
    confidence,
    isTrusted: (confidence ?? 1) >= trustedFrom && isPageTrusted(document, page),
  };
}

/** A field without a page may stand on any, so one poor page is enough. */
function isPageTrusted(document: DocumentFacts, page: number | null): boolean {
  return !poorPages(document).some((poor) => page === null || (poor.page ?? page) === page);
}
