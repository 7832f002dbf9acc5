import type { PlannedCall } from "../../interop/model.ts";

type Row = Record<string, unknown>;

/** The longest excerpt of a document that is searched for, in UTF-16 units. */
const excerptLimit = 400;

/** A claim as the claims agent puts it: look the contracts and the precedents up, then propose. */
export function thinkAboutClaim(
  task: string,
  results: readonly Row[],
): PlannedCall | { answer: string } {
  const given = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(task)?.[1] ?? "";
  const document = /<<<DOCUMENT\n([\s\S]*)\nDOCUMENT>>>/.exec(task)?.[1] ?? "";
  const excerpt = document.replace(/\s+/g, " ").slice(0, excerptLimit);
  const steps: PlannedCall[] = [
    call("retrieve_user_info", { user_id: given("user_id") }),
    call("retrieve_similar_claims", { claim_text: excerpt || given("claim_type") }),
    call("search_knowledge_base", { query: `${given("claim_type")} cover and exclusions` }),
    call("make_final_decision", {
      claim_id: given("claim_id"),
      user_id: given("user_id"),
      run_id: given("run_id"),
      ...proposal(document, results[0]),
    }),
  ];
  return steps[results.length] ?? { answer: "The decision has been recorded." };
}

/** What speaks for itself is approved; the policy gate knows the rules. */
function proposal(document: string, contracts: Row | undefined): Row {
  const isReadable = document.trim() !== "" && contracts !== undefined;
  return {
    decision: isReadable ? "approve" : "manual_review",
    confidence: isReadable ? 0.9 : 0.4,
    reasoning: isReadable
      ? "The document has been read and the contracts have been looked up."
      : "The document could not be read.",
  };
}

function call(tool: string, args: Row): PlannedCall {
  return { tool, arguments: JSON.stringify(args) };
}
