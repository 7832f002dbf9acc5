import { type ClaimTask, type RunContext, stepNames } from "../port.ts";
import { findFlaw } from "./proposal.ts";
import type { ResponseRequest } from "./stack.ts";
import type { PendingApproval } from "./turn.ts";

/**
 * Why a call may not be made; undefined when it may. A decision for another claim is refused without asking; reads never
 * wait for a person.
 */
export async function refusalOf(
  { name, args }: PendingApproval,
  task: ClaimTask,
  { approve }: RunContext,
): Promise<string | undefined> {
  const stepName = stepNames.find((step) => step === name);
  if (stepName === undefined) return "it is no tool of this run";
  if (stepName !== "make_final_decision") return undefined;
  const flaw = findFlaw(args, task);
  if (flaw !== undefined) return flaw;
  const isApproved = await approve?.({ stepName, arguments: args });
  return isApproved ? undefined : "it was not approved";
}

/**
 * The request once more, with a message that says no. Answered as an approval's refusal, Llama Stack would end every later
 * call of the same tool with the same arguments in silence, and tell the model nothing: docs/llama-stack.md. So the
 * response that asked is left out of the chain.
 */
export function withRefusals(
  request: ResponseRequest,
  refusals: readonly string[],
): ResponseRequest {
  const earlier = Array.isArray(request.input) ? request.input : [];
  const content = `Not called. ${refusals.join("; ")}. Correct the arguments, or propose manual_review.`;
  return { ...request, input: [...earlier, { role: "user", content }] };
}
