import { printMoney } from "../../core/claimTerms/values.ts";
import { wordFor } from "../../core/language.ts";
import type { SpeakingOfClaims } from "./words.ts";

/** What a step has found, in one line of the values that matter; the rest is in its details. */
export function describeOutput(
  name: string,
  output: Readonly<Record<string, unknown>>,
  { words, language }: Pick<SpeakingOfClaims, "words" | "language">,
): string {
  const percent = (share: unknown) =>
    typeof share === "number" ? share.toLocaleString(language, { style: "percent" }) : "";
  switch (name) {
    case "ocr_document":
      return join([
        output.page_count && `${output.page_count} p.`,
        percent(output.confidence),
        firstLine(output.raw_text),
      ]);
    case "retrieve_user_info":
      return listOf(output.contracts, ({ contract_number, contract_type }) =>
        join([contract_number, wordFor(words.terms.values, String(contract_type ?? ""))]),
      );
    case "retrieve_similar_claims":
      return listOf(output.similar_claims, ({ claim_number, outcome, similarity_score }) =>
        join([
          claim_number,
          wordFor(words.outcomes, String(outcome ?? "")),
          percent(similarity_score),
        ]),
      );
    case "search_knowledge_base":
      return listOf(output.articles, ({ title, similarity_score }) =>
        join([title, percent(similarity_score)]),
      );
    case "make_final_decision":
      return join([
        wordFor(words.decisions, String(output.recommendation ?? "")),
        typeof output.payable_amount === "number" &&
          printMoney(output.payable_amount, String(output.currency ?? ""), language),
      ]);
    default:
      return "";
  }
}

function join(parts: readonly unknown[]): string {
  return parts
    .filter((part) => part !== undefined && part !== null && part !== "" && part !== false)
    .join(" · ");
}

function listOf(list: unknown, print: (item: Record<string, unknown>) => string): string {
  if (!Array.isArray(list)) return "";
  return list.map((item: unknown) => print(Object(item))).join("; ");
}

function firstLine(text: unknown): string {
  if (typeof text !== "string") return "";
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("[Page "));
  return lines[0] ?? "";
}
