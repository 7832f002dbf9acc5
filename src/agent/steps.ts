import { McpError } from "@modelcontextprotocol/sdk/types.js";
import { AgentFailure } from "./failure.ts";
import type { AgentEvent, AgentName, StepName, StepOutput } from "./port.ts";
import type { ToolAnswer, ToolServer } from "./toolServer.ts";

/** The three servers of a run. */
export interface ToolServers {
  readonly ocr: ToolServer;
  readonly rag: ToolServer;
  readonly decision: ToolServer;
}

const servers: Readonly<Record<StepName, keyof ToolServers>> = {
  ocr_document: "ocr",
  retrieve_user_info: "rag",
  retrieve_similar_claims: "rag",
  search_knowledge_base: "rag",
  make_final_decision: "decision",
};

/** The agent that a step is stored under. */
export function agentOf(step: StepName): AgentName {
  return `${servers[step]}-agent`;
}

/** The events of one step, with the time that it took. */
export class Step {
  readonly #start: { stepId: string; stepName: StepName; agentName: AgentName };
  readonly #began = performance.now();

  constructor(stepId: string, stepName: StepName) {
    this.#start = { stepId, stepName, agentName: agentOf(stepName) };
  }

  get stepName(): StepName {
    return this.#start.stepName;
  }

  started(args: Readonly<Record<string, unknown>>): AgentEvent {
    const startedAt = new Date().toISOString();
    return { type: "step.started", ...this.#start, arguments: args, startedAt };
  }

  completed(output: StepOutput): AgentEvent {
    return { type: "step.completed", ...this.#start, output, ...this.#end() };
  }

  failed(error: string, output: StepOutput | null): AgentEvent {
    return { type: "step.failed", ...this.#start, output, error, ...this.#end() };
  }

  #end(): { durationMs: number; completedAt: string } {
    const durationMs = Math.round(performance.now() - this.#began);
    return { durationMs, completedAt: new Date().toISOString() };
  }
}

/**
 * Calls a tool as a step: yields its start before the call and its end after it.
 * @returns what the tool answered; a server that cannot be reached is thrown after the step's failure was yielded.
 */
export async function* callStep(
  tools: ToolServers,
  stepName: StepName,
  call: { stepId: string; args: Readonly<Record<string, unknown>>; signal: AbortSignal },
): AsyncGenerator<AgentEvent, ToolAnswer> {
  const step = new Step(call.stepId, stepName);
  yield step.started(call.args);
  const answer = await tools[servers[stepName]]
    .call(stepName, call.args, call.signal)
    .catch((error: unknown) => error);
  if (isAnswer(answer)) {
    yield answer.isError ? step.failed(answer.error, answer.output) : step.completed(answer.output);
    return answer;
  }
  if (answer instanceof McpError) {
    yield step.failed(answer.message, null);
    return { isError: true, output: {}, error: answer.message };
  }
  if (call.signal.aborted) yield step.failed("The run was cancelled", null);
  else if (answer instanceof AgentFailure) yield step.failed(answer.message, null);
  throw answer;
}

function isAnswer(value: unknown): value is ToolAnswer {
  return typeof value === "object" && value !== null && "isError" in value && "output" in value;
}
