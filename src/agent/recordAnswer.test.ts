import { expect, test } from "bun:test";
import { ruleCodes } from "../../mcp/decision/rules/hit.ts";
import { frenchRules } from "./frenchRules.ts";
import type { ReviewQuestion } from "./port.ts";
import { answerFromRecord } from "./recordAnswer.ts";

const hits = [
  {
    code: "MISSING_FIELD",
    message: "Missing or unusable: amount",
    evidence: { missing: ["amount"] },
  },
  { code: "HIGH_VALUE", message: "The amount reaches 10000", evidence: { amount: 12_000 } },
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
  reasoning: "The document was read.",
};

test.each([
  [
    "Pourquoi cette demande est-elle en attente ?",
    [
      "Décision enregistrée : manual_review.",
      "Montant à payer : 11500 EUR",
      "Règles applicables :",
      "- MISSING_FIELD : Une indication nécessaire manque ou ne peut pas être utilisée (amount)",
      "- HIGH_VALUE : Le montant atteint le seuil à partir duquel une personne décide",
      "Motivation enregistrée : The document was read.",
      "Contrats : CNT-1",
      "Cette réponse reprend le dossier ; aucun modèle n'a été interrogé.",
    ],
  ],
  [
    "Why does this claim wait?",
    [
      "Recorded decision: manual_review.",
      "Payable amount: 11500 EUR",
      "Rules that apply:",
      "- MISSING_FIELD: Missing or unusable: amount",
      "- HIGH_VALUE: The amount reaches 10000",
      "Reasoning: The document was read.",
      "Contracts: CNT-1",
      "This answer repeats the record; no model was asked.",
    ],
  ],
])("%s is answered from the record in its language", (question, lines) => {
  expect(asked(question, decision).split("\n")).toEqual(lines);
});

test("a claim without a decision is said to have none", () => {
  expect(asked("Quel est le montant ?", null)).toBe(
    "Aucune décision n'est encore enregistrée pour ce dossier. Cette réponse reprend le dossier ; aucun modèle n'a été interrogé.",
  );
});

test.each([...ruleCodes])("%s is told in French", (code) => {
  expect(frenchRules[code]).toBeString();
});
