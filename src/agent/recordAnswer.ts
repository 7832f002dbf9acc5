import { frenchRules } from "./frenchRules.ts";
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
    colon: ":",
    close: "This answer repeats the record; no model was asked.",
  },
  fr: {
    none: "Aucune décision n'est encore enregistrée pour ce dossier.",
    decision: "Décision enregistrée",
    payable: "Montant à payer",
    hits: "Règles applicables",
    noHits: "Aucune règle ne s'y oppose.",
    reasoning: "Motivation enregistrée",
    contracts: "Contrats",
    colon: " :",
    close: "Cette réponse reprend le dossier ; aucun modèle n'a été interrogé.",
  },
} as const;

/** Answers a reviewer from the record alone, in the language of the question. */
export function answerFromRecord({ question, context }: ReviewQuestion): string {
  const isFrench = frenchWords.test(question);
  const words = isFrench ? phrases.fr : phrases.en;
  const { decision } = context;
  if (decision === null) return `${words.none} ${words.close}`;
  const hits = Array.isArray(decision.rule_hits) ? decision.rule_hits : [];
  const lines = [
    `${words.decision}${words.colon} ${decision.initial_decision ?? decision.decision ?? decision.recommendation}.`,
    decision.payable_amount == null
      ? ""
      : `${words.payable}${words.colon} ${decision.payable_amount} ${decision.currency ?? ""}`.trim(),
    hits.length === 0 ? words.noHits : `${words.hits}${words.colon}`,
    ...hits.map((hit: unknown) => `- ${ruleText(Object(hit), isFrench)}`),
    decision.reasoning ? `${words.reasoning}${words.colon} ${decision.reasoning}` : "",
    `${words.contracts}${words.colon} ${context.contracts.map((one) => one.contract_number).join(", ") || "-"}`,
    words.close,
  ];
  return lines.filter((line) => line !== "").join("\n");
}

interface Hit {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly evidence?: unknown;
}

/** The record has its messages in English; in French the rule is told with what it names. */
function ruleText({ code, message, evidence }: Hit, isFrench: boolean): string {
  const french = isFrench ? frenchRules[String(code)] : undefined;
  if (french === undefined) return `${code}: ${message}`;
  const { missing, claim_numbers: numbers } = Object(evidence);
  const named = [missing, numbers].find(Array.isArray) ?? [];
  return `${code} : ${french}${named.length > 0 ? ` (${named.join(", ")})` : ""}`;
}
