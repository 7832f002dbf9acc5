import type { ReviewQuestion } from "./port.ts";

/** Words that stand in nearly every French question and in no English one. */
const frenchWords =
  /(?:^|[^\p{L}])(?:le|la|les|des|une|est|pourquoi|quel|quelle|quels|quelles|combien|comment|qui|que|quoi|cette|montant|dossier|sinistre|refus|motif)(?![\p{L}])/iu;

/** The parts of the answer, in both languages. */
const phrases = {
  en: {
    none: "No decision is recorded for this claim yet.",
    decision: "Recorded decision",
    payable: "Payable amount",
    hits: "Rules that apply",
    noHits: "No rule speaks against it.",
    reasoning: "Reasoning",
    contracts: "Contracts",
    close: "This answer repeats the record; no model was asked.",
  },
  fr: {
    none: "Aucune décision n'est encore enregistrée pour ce dossier.",
    decision: "Décision enregistrée",
    payable: "Montant à payer",
    hits: "Règles applicables",
    noHits: "Aucune règle ne s'y oppose.",
    reasoning: "Motivation",
    contracts: "Contrats",
    close: "Cette réponse reprend le dossier ; aucun modèle n'a été interrogé.",
  },
} as const;

/** Answers a reviewer from the record alone, in the language of the question. */
export function answerFromRecord({ question, context }: ReviewQuestion): string {
  const words = frenchWords.test(question) ? phrases.fr : phrases.en;
  const { decision } = context;
  if (decision === null) return `${words.none} ${words.close}`;
  const hits = Array.isArray(decision.rule_hits) ? decision.rule_hits : [];
  const lines = [
    `${words.decision}: ${decision.initial_decision ?? decision.decision ?? decision.recommendation}.`,
    decision.payable_amount == null
      ? ""
      : `${words.payable}: ${decision.payable_amount} ${decision.currency ?? ""}`.trim(),
    hits.length === 0 ? words.noHits : `${words.hits}:`,
    ...hits.map((hit: unknown) => `- ${Object(hit).code}: ${Object(hit).message}`),
    decision.reasoning ? `${words.reasoning}: ${decision.reasoning}` : "",
    `${words.contracts}: ${context.contracts.map((one) => one.contract_number).join(", ") || "-"}`,
    words.close,
  ];
  return lines.filter((line) => line !== "").join("\n");
}
