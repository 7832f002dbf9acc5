import { tellReasons } from "../core/claimTerms/reasons.ts";
import { tellHit } from "../core/claimTerms/tell.ts";
import { printMoney } from "../core/claimTerms/values.ts";
import { type Language, wordFor } from "../core/language.ts";
import type { ReviewQuestion } from "./port.ts";

/** Words of nearly every question in French and in English; some of the French ones are English words or names as well. */
const frenchWords =
  /(?<!\p{L})(?:le|la|les|des|une|est|pourquoi|quel|quelle|quels|quelles|combien|comment|qui|que|quoi|cette|montant|dossier|sinistre|refus|motif)(?!\p{L})/giu;
const englishWords =
  /(?<!\p{L})(?:the|is|are|was|were|why|what|which|who|how|does|did|has|there|this|that|of|claim)(?!\p{L})/giu;

function languageOf(question: string): Language {
  const count = (words: RegExp) => question.match(words)?.length ?? 0;
  return count(frenchWords) > count(englishWords) ? "fr" : "en";
}

/** The parts of the answer, in both languages. */
const phrases = {
  en: {
    none: "No decision is recorded for this claim yet.",
    decision: "Recorded decision",
    decisions: { approve: "approve", deny: "deny", manual_review: "manual review" },
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
    decisions: { approve: "accepter", deny: "refuser", manual_review: "examen manuel" },
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
  const language = languageOf(question);
  const words = phrases[language];
  const { decision } = context;
  if (decision === null) return `${words.none} ${words.close}`;
  const word = decision.initial_decision ?? decision.decision ?? decision.recommendation;
  const currency = typeof decision.currency === "string" ? decision.currency : null;
  const hits = Array.isArray(decision.rule_hits) ? decision.rule_hits : [];
  const lines = [
    `${words.decision}${words.colon} ${wordFor(words.decisions, String(word))}.`,
    typeof decision.payable_amount === "number"
      ? `${words.payable}${words.colon} ${printMoney(decision.payable_amount, currency, language)}`
      : "",
    hits.length === 0 ? words.noHits : `${words.hits}${words.colon}`,
    ...hits.map((hit: unknown) => `- ${ruleText(Object(hit), language)}`),
    decision.reasoning
      ? `${words.reasoning}${words.colon} ${tellReasons(String(decision.reasoning), language)}`
      : "",
    `${words.contracts}${words.colon} ${context.contracts.map((one) => one.contract_number).join(", ") || "-"}`,
    words.close,
  ];
  return lines.filter((line) => line !== "").join("\n");
}

interface Hit {
  readonly code?: unknown;
  readonly kind?: unknown;
  readonly message?: unknown;
  readonly evidence?: unknown;
}

function ruleText({ code, kind, message, evidence }: Hit, language: Language): string {
  const hit = {
    code: String(code),
    kind: String(kind),
    message: String(message),
    evidence: Object(evidence),
  };
  return `${code}${phrases[language].colon} ${tellHit(hit, language)}`;
}
