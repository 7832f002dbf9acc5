/** What the claims service asks of an agent. Two adapters keep it: the built-in workflow and Llama Stack. */

/** The tools that a run may call, in the order in which the workflow calls them. */
export const stepNames = [
  "ocr_document",
  "retrieve_user_info",
  "retrieve_similar_claims",
  "search_knowledge_base",
  "make_final_decision",
] as const;
export type StepName = (typeof stepNames)[number];

/** The server behind a step, as steps are stored and shown. */
export type AgentName = "ocr-agent" | "rag-agent" | "decision-agent";

/** One claim to decide. */
export interface ClaimTask {
  readonly runId: string;
  readonly claimId: string;
  readonly claimNumber: string;
  readonly userId: string;
  readonly claimType: string | null;
  /** As ocr_document takes it. */
  readonly documentPath: string;
  /** The claimant's name, so that it can be masked before a model sees the text; null when it is not known. */
  readonly userName: string | null;
  /** The stored text, for a run with `skipOcr`; null when there is none. */
  readonly documentText: string | null;
  readonly options: {
    readonly workflowType: "standard" | "expedited";
    readonly skipOcr: boolean;
    readonly enableRag: boolean;
    /** Skips the outside shield, never the masking. */
    readonly skipGuardrails: boolean;
  };
}

/** A personal datum or an instruction that was found in untrusted text; it never holds the datum itself. */
export interface Detection {
  readonly detectionType: string;
  readonly severity: "low" | "medium" | "high";
  readonly actionTaken: "masked" | "logged" | "blocked";
  readonly sourceStep: StepName;
  readonly field: string | null;
  /** Start and end in the text of that step, in UTF-16 units. */
  readonly span: readonly [number, number];
  readonly maskedValue: string;
}

/** The result of one tool call: the structured content that the server sent. */
export type StepOutput = Readonly<Record<string, unknown>>;

interface StepStart {
  /** Unique within the run. */
  readonly stepId: string;
  readonly stepName: StepName;
  readonly agentName: AgentName;
}

/** Why a run has ended without a decision of its own. All but `failed` ones become a manual review. */
export type UndecidedReason =
  | "NO_DECISION_RECORDED"
  | "SHIELD_BLOCKED"
  | "SHIELD_UNAVAILABLE"
  | "STEP_LIMIT_REACHED";
/** What a technical failure was. */
export type FailureReason =
  | "AGENT_UNAVAILABLE"
  | "AGENT_STREAM_BROKEN"
  | "AGENT_TIMEOUT"
  | "TOOL_SERVER_UNAVAILABLE"
  | "CANCELLED";

/**
 * What happens in a run, in order. Both adapters yield the same events for the same course of things. The caller stores
 * each event before it asks for the next one, so a step is stored before its tool is called.
 */
export type AgentEvent =
  | ({
      readonly type: "step.started";
      readonly arguments: Readonly<Record<string, unknown>>;
      readonly startedAt: string;
    } & StepStart)
  | ({
      readonly type: "step.completed";
      readonly output: StepOutput;
      readonly durationMs: number;
      readonly completedAt: string;
    } & StepStart)
  | ({
      readonly type: "step.failed";
      readonly output: StepOutput | null;
      readonly error: string;
      readonly durationMs: number;
      readonly completedAt: string;
    } & StepStart)
  | { readonly type: "guardrail.detected"; readonly detection: Detection }
  | {
      readonly type: "decision.proposed";
      readonly decision: string;
      readonly confidence: number | null;
      readonly reasoning: string;
    }
  /** What the model wrote beside its calls. Never a verdict; masked and bounded. */
  | { readonly type: "note"; readonly text: string }
  | ({
      readonly type: "ended";
      readonly llmModel: string | null;
      /** The last prose of the model, masked and bounded; empty when there is none. */
      readonly note: string;
    } & Ending);

/**
 * How a run ended. `decided`: make_final_decision has answered, and its server has recorded the decision. Where it is
 * `failed` or `undecided`, the caller looks for a recorded decision of the run first: the answer may have been lost on its
 * way, and what was recorded stands.
 */
export type Ending =
  | { readonly state: "decided"; readonly decision: StepOutput }
  | { readonly state: "undecided"; readonly reason: UndecidedReason; readonly message: string }
  | { readonly state: "failed"; readonly reason: FailureReason; readonly message: string };

/** A question of a reviewer about a claim. */
export interface ReviewQuestion {
  readonly claimId: string;
  readonly userId: string;
  readonly userName: string | null;
  readonly question: string;
  /** What is known of the claim, unmasked; it is masked before any model sees it. */
  readonly context: {
    readonly documentText: string | null;
    readonly documentFields: Readonly<Record<string, unknown>>;
    readonly contracts: readonly Readonly<Record<string, unknown>>[];
    readonly decision: Readonly<Record<string, unknown>> | null;
    readonly steps: readonly Readonly<Record<string, unknown>>[];
    readonly earlier: readonly { readonly question: string; readonly answer: string }[];
  };
}

/** A write that waits for a person's or a policy's word, before the tool is called. */
export interface ApprovalRequest {
  readonly stepName: StepName;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What a run is given beside its task. */
export interface RunContext {
  /** Ends the run as soon as possible with `failed` and `CANCELLED`. */
  readonly signal: AbortSignal;
  /** Asked before a write when the agent was opened with approvals; a run without it denies them. */
  readonly approve?: (request: ApprovalRequest) => Promise<boolean>;
}

export interface Agent {
  readonly name: "workflow" | "llama-stack";
  /** Runs one claim. Never throws for what a model, a tool or a server does: the last event is always `ended`. */
  run(task: ClaimTask, context: RunContext): AsyncIterable<AgentEvent>;
  /**
   * Reads a document beside any run, without steps: another claim may have to be compared with it.
   * @returns what ocr_document answered; undefined when the document cannot be read.
   * @throws AgentFailure when its server cannot be reached, and whatever the signal was aborted with.
   */
  read(documentPath: string, context: { signal: AbortSignal }): Promise<StepOutput | undefined>;
  /** Answers a reviewer, in the language of the question, with read-only tools at most. */
  answer(question: ReviewQuestion, context: { signal: AbortSignal }): Promise<string>;
  close(): Promise<void>;
}
