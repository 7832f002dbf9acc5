import { AppError } from "../../core/fault.ts";
import { Masker } from "../../core/privacy/masker.ts";
import type { Secret } from "../../core/secret.ts";
import { readAside, readDocument } from "../document.ts";
import { AgentFailure, ended, endingOf, undecided } from "../failure.ts";
import type { Agent, AgentEvent, ClaimTask, Ending, RunContext } from "../port.ts";
import type { ToolServers } from "../steps.ts";
import { answerQuestion } from "./answer.ts";
import { refusalOf, withRefusals } from "./approval.ts";
import { claimInput } from "./prompt.ts";
import { shortened } from "./reason.ts";
import { agentRequest } from "./request.ts";
import { openStack, type ResponseRequest, type Stack } from "./stack.ts";
import { Turn } from "./turn.ts";

/** The most rounds of approvals of one run. */
const approvalRoundLimitCount = 5;

/** What the adapter is opened with. */
export interface LlamaStackOptions {
  readonly llamaStackUrl: string;
  readonly model: string;
  readonly maxTokens: number | undefined;
  readonly apiKey: Secret | undefined;
  readonly modelTimeoutSeconds: number;
  readonly toolToken: Secret | undefined;
  readonly ocrLanguage: string;
  readonly isWriteApproved: boolean;
  readonly isShielded: boolean;
  readonly shieldId: string;
  readonly isShieldFailClosed: boolean;
  readonly promptsDir: string;
  readonly tools: ToolServers;
}

/** What the parts of the adapter share. */
export interface LlamaStack extends LlamaStackOptions {
  readonly stack: Stack;
}

/** The agent that lets a model of Llama Stack decide which tool comes next. */
export function openLlamaStack(options: LlamaStackOptions): Agent {
  const { llamaStackUrl: url, apiKey, modelTimeoutSeconds: timeoutSeconds, tools } = options;
  const llama: LlamaStack = { ...options, stack: openStack({ url, apiKey, timeoutSeconds }) };
  return {
    name: "llama-stack",
    run: (task, context) => runTask(llama, task, context),
    read: (path, { signal }) => readAside(path, { tools, language: options.ocrLanguage, signal }),
    answer: (question, { signal }) => answerQuestion(llama, question, signal).catch(toFault),
    close: async () => {
      await Promise.all([tools.ocr.close(), tools.rag.close(), tools.decision.close()]);
    },
  };
}

async function* runTask(
  llama: LlamaStack,
  task: ClaimTask,
  context: RunContext,
): AsyncGenerator<AgentEvent> {
  const masker = new Masker([task.userName]);
  const turn = new Turn(task, masker);
  let ending: Ending;
  try {
    const stopped = yield* prepareAndConverse(llama, { task, context, masker, turn });
    ending = stopped ?? endingOfTurn(turn);
  } catch (error) {
    yield* turn.abandon();
    ending = endingOf(error, context.signal);
  }
  // A decision that was recorded stands, whatever happened to the stream afterwards.
  if (turn.decision !== undefined) ending = { state: "decided", decision: turn.decision };
  yield ended(tellable(ending, masker), { llmModel: llama.model, note: turn.note });
}

/** The reason may repeat words of the model or of its server, which may say anything. */
function tellable(ending: Ending, masker: Masker): Ending {
  if (ending.state === "decided") return ending;
  return { ...ending, message: shortened(masker, ending.message) };
}

interface Run {
  readonly task: ClaimTask;
  readonly context: RunContext;
  readonly masker: Masker;
  readonly turn: Turn;
}

/** Returns an ending when the run stops before the model is asked. */
async function* prepareAndConverse(
  llama: LlamaStack,
  run: Run,
): AsyncGenerator<AgentEvent, Ending | undefined> {
  const { signal } = run.context;
  const { tools, ocrLanguage: language } = llama;
  const document = yield* readDocument(run.task, { tools, language, masker: run.masker, signal });
  const text = document.guarded.masked;
  const stopped = yield* askShield(llama, run, text);
  if (stopped !== undefined) return stopped;
  const request = await agentRequest(llama, run.task, {
    input: claimInput(run.task, text),
    signal,
  });
  yield* converse(llama, run, request);
  return undefined;
}

async function* converse(
  llama: LlamaStack,
  { task, context, turn }: Run,
  request: ResponseRequest,
): AsyncGenerator<AgentEvent> {
  let next = request;
  for (let round = 0; round <= approvalRoundLimitCount; round++) {
    for await (const event of llama.stack.stream(next, context.signal)) {
      yield* turn.read(event);
      if (turn.isOverLimit) break;
    }
    yield* turn.abandon();
    const pending = turn.takeApprovals();
    if (pending.length === 0 || turn.isOverLimit || turn.responseId === undefined) return;
    const refusals: string[] = [];
    for (const approval of pending) {
      const refusal = await refusalOf(approval, task, context);
      if (refusal !== undefined) refusals.push(`${approval.name}: ${refusal}`);
    }
    if (refusals.length > 0) {
      turn.trouble = `refused before it was called: ${refusals.join("; ")}`;
      next = withRefusals(next, refusals);
    } else {
      const input = pending.map(({ id }) => ({
        type: "mcp_approval_response",
        approval_request_id: id,
        approve: true,
      }));
      next = { ...request, input, previous_response_id: turn.responseId };
    }
  }
}

async function* askShield(
  llama: LlamaStack,
  { task, context }: Run,
  text: string,
): AsyncGenerator<AgentEvent, Ending | undefined> {
  const { isShielded, shieldId, isShieldFailClosed, stack } = llama;
  if (!isShielded || shieldId === "" || task.options.skipGuardrails || text === "")
    return undefined;
  const answer = await stack.runShield(shieldId, text, context.signal);
  if (answer === "clean") return undefined;
  const isBlocked = answer === "violation" || isShieldFailClosed;
  yield {
    type: "guardrail.detected",
    detection: {
      detectionType: answer === "violation" ? "shield_violation" : "shield_unavailable",
      severity: "high",
      actionTaken: isBlocked ? "blocked" : "logged",
      sourceStep: "ocr_document",
      field: null,
      span: [0, 0],
      maskedValue: "",
    },
  };
  if (!isBlocked) return undefined;
  return answer === "violation"
    ? undecided("SHIELD_BLOCKED", `The shield ${shieldId} objects to the document's text`)
    : undecided("SHIELD_UNAVAILABLE", `The shield ${shieldId} does not answer`);
}

/** How a conversation without a decision ended. */
function endingOfTurn(turn: Turn): Ending {
  const because = turn.trouble === undefined ? "" : `: ${turn.trouble}`;
  if (turn.isOverLimit) {
    return undecided("STEP_LIMIT_REACHED", `The model did not come to an end${because}`);
  }
  if (turn.closing === undefined) {
    const message = "Llama Stack's answer broke off";
    return { state: "failed", reason: "AGENT_STREAM_BROKEN", message };
  }
  if (turn.closing.state === "failed") {
    const message = `Llama Stack failed: ${turn.closing.message}`;
    return { state: "failed", reason: "AGENT_UNAVAILABLE", message };
  }
  if (turn.closing.state === "incomplete") {
    return undecided("STEP_LIMIT_REACHED", `The answer is incomplete: ${turn.closing.message}`);
  }
  return undecided(
    "NO_DECISION_RECORDED",
    `The model ended without a valid call of make_final_decision${because}`,
  );
}

function toFault(error: unknown): never {
  if (!(error instanceof AgentFailure)) throw error;
  const fault = error.reason === "AGENT_TIMEOUT" ? "timeout" : "unavailable";
  throw new AppError(fault, `Cannot answer the question: ${error.message}`, { cause: error });
}
