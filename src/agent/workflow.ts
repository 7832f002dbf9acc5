import { type DocumentFate, workflowReasons } from "../core/claimTerms/reasons.ts";
import { Masker } from "../core/privacy/masker.ts";
import { type ReadDocument, readAside, readDocument } from "./document.ts";
import { AgentFailure, ended, endingOf, undecided } from "./failure.ts";
import type { Agent, AgentEvent, ClaimTask, RunContext, StepName, StepOutput } from "./port.ts";
import { answerFromRecord } from "./recordAnswer.ts";
import { callStep, type ToolServers } from "./steps.ts";
import type { ToolAnswer } from "./toolServer.ts";

/** How much of a document is enough to find precedents by, in UTF-16 units. */
const claimTextLimit = 2_000;
/** How sure the workflow says it is: it has no opinion, so that the rules alone decide. */
const confidence = 0.9;

/** The built-in agent: the same tools in the same order, no model, the same result for the same claim. */
export function openWorkflow(options: { tools: ToolServers; ocrLanguage: string }): Agent {
  const { tools } = options;
  return {
    name: "workflow",
    run: (task, context) => runWorkflow(task, context, options),
    read: (path, { signal }) => readAside(path, { tools, language: options.ocrLanguage, signal }),
    answer: async (question) => answerFromRecord(question),
    close: async () => {
      await Promise.all([tools.ocr.close(), tools.rag.close(), tools.decision.close()]);
    },
  };
}

async function* runWorkflow(
  task: ClaimTask,
  { signal }: RunContext,
  options: Parameters<typeof openWorkflow>[0],
): AsyncGenerator<AgentEvent> {
  try {
    yield* decide(task, new WorkflowRun(task, options, signal));
  } catch (error) {
    yield ended(endingOf(error, signal));
  }
}

async function* decide(task: ClaimTask, run: WorkflowRun): AsyncGenerator<AgentEvent> {
  const document = yield* run.readDocument();
  const text = document.guarded.masked.slice(0, claimTextLimit).trim();
  const user = yield* run.call("retrieve_user_info", userArguments(task, text));
  if (task.options.enableRag) {
    if (task.options.workflowType === "standard" && text !== "") {
      yield* run.call("retrieve_similar_claims", {
        claim_text: text,
        claim_type: task.claimType,
        top_k: 5,
        exclude_claim_id: task.claimId,
      });
    }
    yield* run.call("search_knowledge_base", { query: articleQuery(task), top_k: 3 });
  }
  yield* propose(task, run, { document, user });
}

async function* propose(
  task: ClaimTask,
  run: WorkflowRun,
  found: { document: ReadDocument; user: ToolAnswer },
): AsyncGenerator<AgentEvent> {
  const args = decisionArguments(task, found);
  yield { type: "decision.proposed", decision: "approve", confidence, reasoning: args.reasoning };
  const { isError, output, error } = yield* run.call("make_final_decision", args);
  // Nobody has judged the proposal: that is no reason to ask a person.
  if (isError && output.retryable === true) {
    throw new AgentFailure("TOOL_SERVER_UNAVAILABLE", error);
  }
  yield isError
    ? ended(undecided("NO_DECISION_RECORDED", `make_final_decision was refused: ${error}`))
    : ended({ state: "decided", decision: output });
}

/** What a run's steps share. */
class WorkflowRun {
  readonly #task: ClaimTask;
  readonly #options: Parameters<typeof openWorkflow>[0];
  readonly #signal: AbortSignal;
  #stepCount = 1;

  constructor(task: ClaimTask, options: Parameters<typeof openWorkflow>[0], signal: AbortSignal) {
    this.#task = task;
    this.#options = options;
    this.#signal = signal;
  }

  readDocument(): AsyncGenerator<AgentEvent, ReadDocument> {
    const masker = new Masker([this.#task.userName]);
    const { tools, ocrLanguage: language } = this.#options;
    return readDocument(this.#task, { tools, language, masker, signal: this.#signal });
  }

  call(
    step: StepName,
    args: Readonly<Record<string, unknown>>,
  ): AsyncGenerator<AgentEvent, ToolAnswer> {
    this.#stepCount++;
    const stepId = `${this.#task.runId}:${this.#stepCount}`;
    return callStep(this.#options.tools, step, { stepId, args, signal: this.#signal });
  }
}

function userArguments(task: ClaimTask, text: string): Record<string, unknown> {
  return { user_id: task.userId, query: text.slice(0, 500), top_k: 5 };
}

function articleQuery({ claimType }: ClaimTask): string {
  return `${claimType ?? "insurance"} claim cover, exclusions and filing deadline`;
}

/** The same arguments for the same claim: a run that is taken over repeats its call and gets the stored decision. */
function decisionArguments(
  task: ClaimTask,
  { document, user }: { document: ReadDocument; user: ToolAnswer },
): { reasoning: string } & Record<string, unknown> {
  const numbers = contractNumbers(user.output);
  return {
    claim_id: task.claimId,
    user_id: task.userId,
    run_id: task.runId,
    decision: "approve",
    confidence,
    reasoning: workflowReasons(fateOf(task, document), numbers.join(", ")),
    relevant_policies: numbers,
    red_flags: document.guarded.hasInstructions
      ? ["instructions to the agent in the document"]
      : [],
  };
}

function fateOf({ options, documentText }: ClaimTask, { output }: ReadDocument): DocumentFate {
  if (options.skipOcr) return documentText === null ? "skipped" : "earlier";
  return output.raw_text === undefined ? "unreadable" : "read";
}

function contractNumbers({ contracts }: StepOutput): string[] {
  if (!Array.isArray(contracts)) return [];
  const numbers = contracts.map((contract: unknown) => Object(contract).contract_number);
  return numbers.filter((number): number is string => typeof number === "string").sort();
}
