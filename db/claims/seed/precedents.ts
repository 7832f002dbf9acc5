import { sampleId } from "./ids.ts";
import { userKeyOf } from "./users.ts";

/** What was decided in 2024; `by` is the reviewer who overrode the agent. */
interface Precedent {
  user: number;
  type: string;
  incident: string;
  filed: string;
  amount: number;
  payable: number | null;
  decision: "approve" | "deny";
  by?: string;
  text: string;
  reasoning: string;
}

const reviewer = "Helen Marsh";
const precedents: readonly Precedent[] = [
  {
    user: 13,
    type: "Medical",
    incident: "2024-02-06",
    filed: "2024-02-20",
    amount: 1_480,
    payable: 960,
    decision: "approve",
    text: "Outpatient arthroscopy of the left knee after a fall; consultation, imaging and procedure.",
    reasoning:
      "Medically necessary, filed in time, within the cover; deductible and copay taken off.",
  },
  {
    user: 14,
    type: "Auto",
    incident: "2024-03-17",
    filed: "2024-03-25",
    amount: 2_260,
    payable: 1_760,
    decision: "approve",
    text: "Rear-end collision at a traffic light; bumper, tail light and boot lid replaced.",
    reasoning: "Police report present, filed within 30 days; deductible taken off.",
  },
  {
    user: 12,
    type: "Home",
    incident: "2024-01-11",
    filed: "2024-01-19",
    amount: 6_300,
    payable: 5_300,
    decision: "approve",
    text: "A pipe burst in the kitchen during a frost; floor and cabinets damaged by water.",
    reasoning: "Sudden and accidental water damage is covered; deductible taken off.",
  },
  {
    user: 15,
    type: "Home",
    incident: "2024-06-22",
    filed: "2024-07-01",
    amount: 7_150,
    payable: 6_150,
    decision: "approve",
    text: "Kitchen fire caused by an electrical fault; cupboards, ceiling and hood replaced.",
    reasoning: "Fire is covered; report of the fire brigade and photos are present.",
  },
  {
    user: 16,
    type: "Auto",
    incident: "2024-09-05",
    filed: "2024-09-12",
    amount: 1_620,
    payable: 1_120,
    decision: "approve",
    text: "Collision en stationnement ; aile et portière avant droites remplacées.",
    reasoning: "Constat et rapport de police joints, dépôt dans les délais ; franchise déduite.",
  },
  {
    user: 8,
    type: "Home",
    incident: "2024-04-28",
    filed: "2024-05-06",
    amount: 11_200,
    payable: null,
    decision: "deny",
    text: "The river rose over its bank and flooded the basement and the ground floor.",
    reasoning: "Damage by flood is excluded from home contracts.",
  },
  {
    user: 23,
    type: "Home",
    incident: "2024-08-14",
    filed: "2024-08-30",
    amount: 4_450,
    payable: null,
    decision: "deny",
    text: "A slow leak behind the shower wall over months; mould and rotten joists.",
    reasoning: "Gradual damage by a slow leak is excluded.",
  },
  {
    user: 11,
    type: "Auto",
    incident: "2024-05-02",
    filed: "2024-06-28",
    amount: 1_890,
    payable: null,
    decision: "deny",
    text: "Side damage in a car park, reported 57 days after the incident.",
    reasoning: "Auto claims are filed within 30 days.",
  },
  {
    user: 25,
    type: "Medical",
    incident: "2024-10-09",
    filed: "2024-10-21",
    amount: 3_100,
    payable: null,
    decision: "deny",
    text: "Rhinoplasty without a medical indication.",
    reasoning: "Cosmetic surgery is excluded.",
  },
  {
    user: 7,
    type: "Auto",
    incident: "2024-07-19",
    filed: "2024-07-24",
    amount: 380,
    payable: null,
    decision: "deny",
    text: "Scratch on the driver's door, repainted.",
    reasoning: "The amount is below the deductible; nothing is payable.",
  },
  {
    user: 20,
    type: "Medical",
    incident: "2024-03-30",
    filed: "2024-04-15",
    amount: 6_800,
    payable: 6_280,
    decision: "approve",
    by: reviewer,
    text: "Emergency appendectomy with three days in hospital; no authorization number stated.",
    reasoning:
      "An emergency needs no prior authorization; the hospital had reported it the next day.",
  },
  {
    user: 6,
    type: "Auto",
    incident: "2024-11-08",
    filed: "2024-11-15",
    amount: 9_900,
    payable: null,
    decision: "deny",
    by: reviewer,
    text: "Front damage on a track day; the form names a public road.",
    reasoning: "Photos show the race track: racing is excluded.",
  },
];

/** The precedents' claims, documents, runs and decisions as rows by table, in the order in which they can be inserted. */
export function samplePrecedents(): Record<string, Record<string, unknown>[]> {
  const rows = precedents.map(rowsOf);
  return {
    claims: rows.map(({ claim }) => claim),
    claim_documents: rows.map(({ document }) => document),
    processing_runs: rows.map(({ run }) => run),
    claim_decisions: rows.map(({ decision }) => decision),
  };
}

function rowsOf(precedent: Precedent, index: number) {
  const number = `CLM-2024-${String(index + 1).padStart(4, "0")}`;
  const claimId = sampleId("claim", number);
  const path = `/claim_documents/${number}.pdf`;
  const submitted = `${precedent.filed}T09:00:00Z`;
  const decided = `${precedent.filed}T15:00:00Z`;
  const common = { id: sampleId("precedent", number), claim_id: claimId };
  return {
    claim: {
      id: claimId,
      user_id: userKeyOf(precedent.user),
      claim_number: number,
      claim_type: precedent.type,
      document_path: path,
      status: "completed",
      outcome: precedent.decision,
      submitted_at: submitted,
      processed_at: decided,
      is_archived: true,
    },
    document: {
      ...common,
      document_path: path,
      raw_ocr_text: precedent.text,
      structured_data: {
        incident_date: { value: precedent.incident, confidence: 1 },
        amount: { value: precedent.amount, confidence: 1 },
      },
      ocr_confidence: 1,
      page_count: 1,
      language: index === 4 ? "fra" : "eng",
      extracted_at: submitted,
    },
    run: {
      ...common,
      state: "completed",
      origin: "sample",
      options: {},
      requested_at: submitted,
      started_at: submitted,
      finished_at: decided,
      result_status: "completed",
      outcome: precedent.decision,
    },
    decision: { ...common, run_id: common.id, ...decisionOf(precedent, decided) },
  };
}

/** An overridden claim went to a person first, who decided otherwise than proposed. */
function decisionOf({ decision, by, reasoning, payable }: Precedent, decided: string) {
  const opposite = decision === "approve" ? "deny" : "approve";
  return {
    proposed_decision: by ? opposite : decision,
    initial_decision: by ? opposite : decision,
    initial_confidence: by ? 0.74 : 0.92,
    initial_reasoning: by ? "Decided by the documents alone." : reasoning,
    initial_decided_at: decided,
    final_decision: by ? decision : null,
    final_decision_by: by ? "reviewer-1" : null,
    final_decision_by_name: by ?? null,
    final_decision_at: by ? decided : null,
    final_decision_notes: by ? reasoning : null,
    rule_hits: [],
    red_flags: [],
    required_documentation: [],
    payable_amount: payable,
    currency: payable === null ? null : "USD",
    requires_manual_review: by !== undefined,
  };
}
