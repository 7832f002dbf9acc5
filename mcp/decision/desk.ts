import { AppError } from "../../src/core/fault.ts";
import type { ToolCall } from "../../src/kit/tool.ts";
import type { Facts } from "./facts.ts";
import type { DecisionRecord, RecordedDecision } from "./record.ts";

/** Where facts come from and decisions go to. */
export interface Desk {
  /** The facts of a claim; `given` are those of the call itself. */
  getFacts(
    claim: { claimId: string; runId: string | null; given: unknown },
    call: ToolCall,
  ): Promise<Facts>;
  /** Records the first decision of a run; the same one again is answered with the stored row, another is refused. */
  record(claimId: string, decision: DecisionRecord, call: ToolCall): Promise<RecordedDecision>;
  isReady(): Promise<boolean>;
}

/** Faults that may be gone when the same call is made again. */
const passing: ReadonlySet<AppError["fault"]> = new Set(["unavailable", "timeout", "too_busy"]);

/** The failure of a decision call, in the words of the claims servers. */
export function refusal(fault: AppError["fault"], error: string, hint?: string): AppError {
  return new AppError(fault, error, {
    detail: { success: false, error, ...(passing.has(fault) && { retryable: true }) },
    ...(hint === undefined ? {} : { hint }),
  });
}
