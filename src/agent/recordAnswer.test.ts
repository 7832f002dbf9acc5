import { expect, test } from "bun:test";
import { workflowReasons } from "../core/claimTerms/reasons.ts";
import type { ReviewQuestion } from "./port.ts";
import { answerFromRecord } from "./recordAnswer.ts";

const hits = [
  {
    code: "MISSING_FIELD",
    message: "Missing or unusable: amount",
    evidence: { missing: ["amount"] },
  },
  {
    code: "HIGH_VALUE",
    message: "The amount reaches 10000",
    evidence: { amount: 12_000, threshold: 10_000, currency: "EUR" },
  },
  { code: "NEW_RULE", message: "The moon is full", evidence: {} },
];
const asked = (question: string, decision: ReviewQuestion["context"]["decision"]) =>
  answerFromRecord({
    claimId: "c",
    userId: "u",
    userName: "Nora Whitfield",
    question,
    context: {
      documentText: null,
      documentFields: {},
      contracts: [{ contract_number: "CNT-1" }],
      decision,
      steps: [],
      earlier: [],
    },
  });
const decision = {
  initial_decision: "manual_review",
  payable_amount: 11_500,
  currency: "EUR",
  rule_hits: hits,
  reasoning: workflowReasons("read", "CNT-1"),
};

test.each([
  [
    "Pourquoi cette demande est-elle en attente ?",
    [
      "Décision enregistrée : examen manuel.",
      "Montant à payer : 11 500,00 EUR",
      "Règles applicables :",
      "- MISSING_FIELD : Manque ou inutilisable : Montant",
      "- HIGH_VALUE : Le montant de 12 000,00 EUR atteint 10 000, seuil à partir duquel une personne décide",
      "- NEW_RULE : The moon is full",
      "Motivation enregistrée : Le document a été lu ; contrats trouvés : CNT-1. Le traitement propose d’accepter, pour que seules les règles décident.",
      "Contrats : CNT-1",
      "Cette réponse reprend le dossier ; aucun modèle n'a été interrogé.",
    ],
  ],
  [
    "Why does this claim wait?",
    [
      "Recorded decision: manual review.",
      "Payable amount: 11,500.00 EUR",
      "Rules that apply:",
      "- MISSING_FIELD: Missing or unusable: Amount",
      "- HIGH_VALUE: The amount of 12,000.00 EUR reaches 10,000, from which on a person decides",
      "- NEW_RULE: The moon is full",
      "Reasoning: The document was read; contracts found: CNT-1. The workflow proposes approval, so that the policy rules alone decide.",
      "Contracts: CNT-1",
      "This answer repeats the record; no model was asked.",
    ],
  ],
])("%s is answered from the record in its language", (question, lines) => {
  // Amounts hold blanks of several kinds.
  expect(
    asked(question, decision)
      .replace(/[\u00a0\u202f]/g, " ")
      .split("\n"),
  ).toEqual(lines);
});

test("a claim without a decision is said to have none", () => {
  expect(asked("Quel est le montant ?", null)).toBe(
    "Aucune décision n'est encore enregistrée pour ce dossier. Cette réponse reprend le dossier ; aucun modèle n'a été interrogé.",
  );
});

test.each([
  ["Is there a comment on this claim?", "No decision"],
  ["Did it happen in LA?", "No decision"],
  ["What is the La Poste invoice?", "No decision"],
  ["Comment la décision a-t-elle été prise ?", "Aucune décision"],
  ["Quel montant ?", "Aucune décision"],
])("%p is answered in its language", (question, beginning) => {
  expect(asked(question, null)).toStartWith(beginning);
});
