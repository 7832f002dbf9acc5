import { type ClaimTask, type RunContext, stepNames } from "../port.ts";
import { findFlaw } from "./proposal.ts";
import type { PendingApproval } from "./turn.ts";

/** A decision for another claim is denied without asking; reads never wait for a person. */
export async function isApproved(
  { name, args }: PendingApproval,
  task: ClaimTask,
  { approve }: RunContext,
): Promise<boolean> {
  const stepName = stepNames.find((step) => step === name);
  if (stepName === undefined) return false;
  if (stepName !== "make_final_decision") return true;
  if (findFlaw(args, task) !== undefined || approve === undefined) return false;
  return await approve({ stepName, arguments: args });
}
