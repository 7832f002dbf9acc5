import type { Agent } from "../../agent/port.ts";

/** Decides nothing, so that a person does. */
export function openAgent(): Agent {
  return {
    name: "workflow",
    async *run() {
      yield {
        type: "ended",
        state: "undecided",
        reason: "NO_DECISION_RECORDED",
        message: "no agent is configured",
        llmModel: null,
        note: "",
      };
    },
    answer: async () => "No agent is configured.",
    close: async () => undefined,
  };
}
