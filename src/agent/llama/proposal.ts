import type { ClaimTask } from "../port.ts";

const decisions: readonly unknown[] = ["approve", "deny", "manual_review"];

/**
 * What is wrong with the arguments of a decision call; undefined when nothing is. Llama Stack replaces a server's refusal
 * by a text that says nothing, so the reason is worked out here, in the same words for every version.
 */
export function findFlaw(args: unknown, task: ClaimTask): string | undefined {
  if (typeof args !== "object" || args === null || Array.isArray(args)) {
    return "the arguments are no JSON object";
  }
  const given: Record<string, unknown> = { ...args };
  const { claim_id, user_id, run_id, decision, confidence, reasoning } = given;
  if (claim_id !== task.claimId) return `claim_id ${quote(claim_id)}: not the claim of this run`;
  if (user_id !== task.userId) return `user_id ${quote(user_id)}: not the claimant of this claim`;
  if (run_id !== undefined && run_id !== null && run_id !== task.runId) {
    return `run_id ${quote(run_id)}: not this run`;
  }
  if (!decisions.includes(decision)) {
    return `decision ${quote(decision)}: expected approve, deny or manual_review`;
  }
  if (typeof confidence !== "number" || !(confidence >= 0 && confidence <= 1)) {
    return `confidence ${quote(confidence)}: expected a number from 0 to 1`;
  }
  if (typeof reasoning !== "string" || reasoning.trim() === "") return "reasoning: it is empty";
  return undefined;
}

/** The most of a wrong value that is repeated, in UTF-16 units. */
const quoteLimit = 80;

function quote(value: unknown): string {
  return (JSON.stringify(value) ?? "(missing)").slice(0, quoteLimit);
}
