import { messageText, type OutputItem, readCall } from "../../src/agent/llama/items.ts";
import type { Stack } from "../../src/agent/llama/stack.ts";
import { parseOutput } from "../../src/agent/toolServer.ts";
import { AppError } from "../../src/core/fault.ts";
import type { AgentDefinition } from "./agents.ts";
import { inOurWords, openEndpoint } from "./endpoint.ts";
import type { AgentValues } from "./settings.ts";
import { toolsOf } from "./tools.ts";

/** The most rounds of approvals of one question. */
const approvalRoundLimitCount = 10;
/** The most inferences of one response. */
const inferenceLimitCount = 10;

type Arguments = Readonly<Record<string, unknown>>;

/** One thing that happened on the way to an answer. */
export type TraceEntry = { readonly step: number } & (
  | {
      readonly type: "tool_call";
      readonly server: string;
      readonly tool: string;
      readonly arguments: Arguments;
      readonly output: Arguments | null;
      /** Why the tool failed; null when it did not. */
      readonly error: string | null;
    }
  | {
      readonly type: "approval";
      readonly tool: string;
      readonly arguments: Arguments;
      readonly isApproved: boolean;
    }
  | { readonly type: "message"; readonly text: string }
);

/** What came of one question. */
export interface Answer {
  text: string;
  trace: TraceEntry[];
}

/** What a question is asked with. */
export interface Asking {
  signal: AbortSignal;
  /** Told of every entry of the trace as it happens. */
  onEntry?(entry: TraceEntry): void;
  /** Whether a write may go ahead; without it every write is refused. */
  approve?(call: { tool: string; arguments: Arguments }): Promise<boolean>;
}

/** A conversation with an agent: each question knows those before it. */
export interface AgentSession {
  /** @throws AppError when the server, the model or a tool server fails as a whole. */
  ask(question: string, asking: Asking): Promise<Answer>;
}

/** Opens a conversation; nothing is connected before the first question. */
export function openSession(agent: AgentDefinition, values: AgentValues): AgentSession {
  const endpoint = openEndpoint(values);
  let previous: string | undefined;
  let isChecked = false;
  return {
    async ask(question, asking) {
      if (!isChecked) await endpoint.checkModel(asking.signal);
      isChecked = true;
      const turn = new Turn(agent, asking, previous);
      const tools = toolsOf(agent, values, await endpoint.stack.forms(asking.signal));
      const request = {
        model: values.model,
        instructions: agent.instructions,
        tools,
        max_infer_iters: inferenceLimitCount,
      };
      await converse(turn, { stack: endpoint.stack, request, question }).catch((error: unknown) => {
        throw inOurWords(error, values);
      });
      previous = turn.responseId;
      return { text: turn.text, trace: turn.trace };
    },
  };
}

interface Conversation {
  stack: Stack;
  request: Record<string, unknown>;
  question: string;
}

async function converse(turn: Turn, { stack, request, question }: Conversation): Promise<void> {
  let input: object[] = [{ role: "user", content: question }];
  for (let round = 0; round <= approvalRoundLimitCount; round++) {
    const chained = turn.responseId === undefined ? {} : { previous_response_id: turn.responseId };
    await turn.read(stack.stream({ ...request, ...chained, input }, turn.asking.signal));
    const answers = await turn.answerApprovals();
    if (answers.length > 0) {
      input = answers;
      continue;
    }
    const refused = turn.takeUntoldRefusals();
    if (refused.length === 0) return;
    // Llama Stack ends the output at a refusal, so the model has not heard of it.
    const content = `I refused this: ${refused.join(", ")}. It was not carried out. Do not call it again; tell me where that leaves us.`;
    input = [{ role: "user", content }];
  }
  throw new AppError(
    "upstream_invalid",
    "Cannot go on: the model asks for approval again and again",
  );
}

/** Reads the responses of one question. */
class Turn {
  readonly asking: Asking;
  readonly trace: TraceEntry[] = [];
  readonly #handled = new Set<string>();
  readonly #reads: ReadonlySet<string>;
  #pending: OutputItem[] = [];
  #refused: string[] = [];
  #isClosed = false;
  responseId: string | undefined;
  text = "";

  constructor(agent: AgentDefinition, asking: Asking, previous: string | undefined) {
    this.#reads = new Set(agent.toolBoxes.flatMap(({ reads }) => reads));
    this.asking = asking;
    this.responseId = previous;
  }

  async read(events: AsyncIterable<{ type: string } & OutputItem>): Promise<void> {
    this.#isClosed = false;
    for await (const event of events) {
      if (event.type === "response.output_item.done") this.#take(Object(event.item));
      else if (/^response\.(completed|incomplete|failed)$/.test(event.type)) this.#close(event);
      else if (event.type === "error") throw failed(Object(event).message);
    }
    if (!this.#isClosed) throw failed("the answer broke off");
  }

  /** Asks for each write that waits; reads wait only where a version cannot tell the tools of a server apart. */
  async answerApprovals(): Promise<object[]> {
    const answers: object[] = [];
    for (const item of this.#pending.splice(0)) {
      const call = { tool: String(item.name), arguments: parseOutput(String(item.arguments)) };
      const isApproved = this.#reads.has(call.tool) || (await this.#askForApproval(call));
      const id = item.id;
      answers.push({ type: "mcp_approval_response", approval_request_id: id, approve: isApproved });
    }
    return answers;
  }

  async #askForApproval(call: { tool: string; arguments: Arguments }): Promise<boolean> {
    const isApproved = this.asking.approve ? await this.asking.approve(call) : false;
    this.#note({ type: "approval", ...call, isApproved });
    if (!isApproved) this.#refused.push(call.tool);
    return isApproved;
  }

  /** What was refused since the model last said something. */
  takeUntoldRefusals(): string[] {
    return this.#refused.splice(0);
  }

  #take(item: OutputItem): void {
    const id = String(item.id ?? "");
    if (id !== "" && this.#handled.has(id)) return;
    this.#handled.add(id);
    if (item.type === "mcp_approval_request") this.#pending.push(item);
    if (item.type === "mcp_call") this.#takeCall(item);
    if (item.type === "message") this.#takeMessage(messageText(item));
    if (item.type === "mcp_list_tools" && item.error) {
      throw failed(`the tools of ${item.server_label} could not be listed`);
    }
  }

  #takeCall(item: OutputItem): void {
    const { isError, output, error } = readCall(item);
    const said = error ?? "the tool failed without a reason";
    this.#note({
      type: "tool_call",
      server: String(item.server_label),
      tool: String(item.name),
      arguments: parseOutput(String(item.arguments ?? "{}")),
      output,
      error: isError ? said : null,
    });
  }

  #takeMessage(text: string): void {
    if (text.trim() === "") return;
    this.text = text;
    this.#refused = [];
    this.#note({ type: "message", text });
  }

  #close(event: OutputItem): void {
    const response: Record<string, unknown> = Object(event.response);
    if (event.type === "response.failed") throw failed(Object(response.error).message);
    this.#isClosed = true;
    if (typeof response.id === "string") this.responseId = response.id;
    // Items whose own events a version leaves out are in the closing event.
    for (const item of Array.isArray(response.output) ? response.output : [])
      this.#take(Object(item));
  }

  #note(entry: DistributiveOmit<TraceEntry, "step">): void {
    // The union's members are kept apart by `type`.
    const numbered = { step: this.trace.length + 1, ...entry } as TraceEntry;
    this.trace.push(numbered);
    this.asking.onEntry?.(numbered);
  }
}

type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;

function failed(reason: unknown): AppError {
  return new AppError(
    "upstream_invalid",
    `Cannot get an answer: ${typeof reason === "string" ? reason : "the server gives no reason"}`,
    { hint: "The server's log has more; see docs/llama-stack.md, Troubleshooting." },
  );
}
