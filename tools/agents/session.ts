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
    const before = turn.responseId;
    const chained = before === undefined ? {} : { previous_response_id: before };
    await turn.read(stack.stream({ ...request, ...chained, input }, turn.asking.signal));
    const { answers, refused } = await turn.answerApprovals();
    if (refused.length > 0) {
      const content = `I refused this: ${refused.join(", ")}. It was not carried out. Do not call it again unless I ask for it; tell me where that leaves us.`;
      // A response that has written stays in the chain; one that has only read is asked anew with the refusal in words.
      const words = { role: "user", content };
      input = turn.hasWritten ? [words] : [...input, words];
      if (!turn.hasWritten) turn.responseId = before;
    } else if (answers.length > 0) input = answers;
    else return;
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
  readonly #approved = new Set<string>();
  #pending: OutputItem[] = [];
  #isClosed = false;
  responseId: string | undefined;
  /** Whether a tool that writes was carried out in the response that was read last. */
  hasWritten = false;
  text = "";

  constructor(agent: AgentDefinition, asking: Asking, previous: string | undefined) {
    this.#reads = new Set(agent.toolBoxes.flatMap(({ reads }) => reads));
    this.asking = asking;
    this.responseId = previous;
  }

  async read(events: AsyncIterable<{ type: string } & OutputItem>): Promise<void> {
    this.#isClosed = false;
    this.hasWritten = false;
    for await (const event of events) {
      if (event.type === "response.output_item.done") this.#take(Object(event.item));
      else if (/^response\.(completed|incomplete|failed)$/.test(event.type)) this.#close(event);
      else if (event.type === "error") throw failed(Object(event).message);
    }
    if (!this.#isClosed) throw failed("the answer broke off");
  }

  /**
   * Asks for each write that waits; reads wait only where a version cannot tell the tools of a server apart. A no is for the
   * caller to tell the model in words: Llama Stack ends the output at a refusal, tells the model nothing, and for the rest of
   * the chain answers the same call with the old request, even when the person has thought better of it.
   */
  async answerApprovals(): Promise<{ answers: object[]; refused: string[] }> {
    const answers: object[] = [];
    const refused: string[] = [];
    for (const item of this.#pending.splice(0)) {
      const call = { tool: String(item.name), arguments: parseOutput(String(item.arguments)) };
      const isApproved = this.#reads.has(call.tool) || (await this.#isApproved(call));
      const id = item.id;
      if (!isApproved) refused.push(call.tool);
      else answers.push({ type: "mcp_approval_response", approval_request_id: id, approve: true });
    }
    return { answers, refused };
  }

  /** A yes counts for the same call again, until it has been carried out: it waits anew when another one was refused. */
  async #isApproved(call: { tool: string; arguments: Arguments }): Promise<boolean> {
    if (this.#approved.has(keyOf(call))) return true;
    const isApproved = await this.#askForApproval(call);
    if (isApproved) this.#approved.add(keyOf(call));
    return isApproved;
  }

  async #askForApproval(call: { tool: string; arguments: Arguments }): Promise<boolean> {
    const isApproved = this.asking.approve ? await this.asking.approve(call) : false;
    this.#note({ type: "approval", ...call, isApproved });
    return isApproved;
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
    const call = {
      tool: String(item.name),
      arguments: parseOutput(String(item.arguments ?? "{}")),
    };
    if (!this.#reads.has(call.tool)) this.hasWritten = true;
    this.#approved.delete(keyOf(call));
    this.#note({
      type: "tool_call",
      server: String(item.server_label),
      ...call,
      output,
      error: isError ? said : null,
    });
  }

  #takeMessage(text: string): void {
    if (text.trim() === "") return;
    this.text = text;
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

function keyOf({ tool, arguments: args }: { tool: string; arguments: Arguments }): string {
  return `${tool} ${JSON.stringify(args)}`;
}

function failed(reason: unknown): AppError {
  return new AppError(
    "upstream_invalid",
    `Cannot get an answer: ${typeof reason === "string" ? reason : "the server gives no reason"}`,
    { hint: "The server's log has more; see docs/llama-stack.md, Troubleshooting." },
  );
}
