import type { AgentEvent, Ending, FailureReason, UndecidedReason } from "./port.ts";

/** The longest note that is kept, in UTF-16 units. */
const noteLimit = 20_000;

/** A technical failure that ends a run; everything else that is thrown is a bug. */
export class AgentFailure extends Error {
  readonly reason: FailureReason;
  constructor(reason: FailureReason, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "AgentFailure";
    this.reason = reason;
  }
}

/** A run's end without a decision. */
export function undecided(reason: UndecidedReason, message: string): Ending {
  return { state: "undecided", reason, message };
}

/** The last event of a run. */
export function ended(
  ending: Ending,
  about: { llmModel?: string; note?: string } = {},
): AgentEvent {
  const note = (about.note ?? "").slice(0, noteLimit);
  return { type: "ended", llmModel: about.llmModel ?? null, note, ...ending };
}

/** How a failure ends the run; a bug is thrown on. */
export function endingOf(error: unknown, signal: AbortSignal): Ending {
  if (signal.aborted) {
    return { state: "failed", reason: "CANCELLED", message: "The run was cancelled" };
  }
  if (!(error instanceof AgentFailure)) throw error;
  return { state: "failed", reason: error.reason, message: error.message };
}
