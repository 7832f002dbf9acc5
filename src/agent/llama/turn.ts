import type { Masker } from "../../core/privacy/masker.ts";
import {
  type AgentEvent,
  type ClaimTask,
  type StepName,
  type StepOutput,
  stepNames,
} from "../port.ts";
import { Step } from "../steps.ts";
import { parseOutput } from "../toolServer.ts";
import { messageText, type OutputItem, readCall } from "./items.ts";
import { findFlaw } from "./proposal.ts";
import { reasonIn, shortened } from "./reason.ts";
import type { StackEvent } from "./stack.ts";

/** The most tool calls of one run: twice what a model that hesitates at every step needs. */
const stepLimitCount = 20;
/** The most events of one run, and the most text that a model may write, in UTF-16 units. */
const eventLimitCount = 100_000;
const textLimit = 200_000;

/** Both spellings: Llama Stack's with a point, OpenAI's with an underscore. */
const argumentEvent = /^response\.mcp_call[._]arguments\.(delta|done)$/;

/** A write that waits for approval. */
export interface PendingApproval {
  readonly id: string;
  readonly name: string;
  readonly args: StepOutput;
}

/** How a response ended; undefined while it has not. */
export type Closing =
  | { readonly state: "completed" }
  | { readonly state: "incomplete" | "failed"; readonly message: string };

interface Call {
  step: Step | undefined;
  argumentsText: string;
  isDone: boolean;
}

/**
 * Turns the stream of one run's responses into the events of steps. Only finished calls of make_final_decision for this
 * claim and this run decide; what the model writes is a note.
 */
export class Turn {
  readonly #task: ClaimTask;
  readonly #masker: Masker;
  readonly #calls = new Map<string, Call>();
  readonly #notes: string[] = [];
  readonly #handled = new Set<string>();
  #stepCount = 1;
  #eventCount = 0;
  #textLength = 0;
  #approvals: PendingApproval[] = [];
  responseId: string | undefined;
  closing: Closing | undefined;
  decision: StepOutput | undefined;
  /** The last refusal of a decision call, or why a server's tools could not be listed. */
  trouble: string | undefined;

  constructor(task: ClaimTask, masker: Masker) {
    this.#task = task;
    this.#masker = masker;
  }

  get isOverLimit(): boolean {
    return (
      this.#stepCount > stepLimitCount ||
      this.#eventCount > eventLimitCount ||
      this.#textLength > textLimit
    );
  }

  /** The last thing that the model wrote, masked. */
  get note(): string {
    return this.#notes.at(-1) ?? "";
  }

  /** The writes that wait for approval; each is handed out once. */
  takeApprovals(): PendingApproval[] {
    return this.#approvals.splice(0);
  }

  /** Takes one event of the stream. */
  *read(event: StackEvent): Generator<AgentEvent> {
    this.#eventCount++;
    const argumentKind = argumentEvent.exec(event.type)?.[1];
    if (argumentKind !== undefined) {
      this.#readArguments(event, argumentKind === "done");
      return;
    }
    switch (event.type) {
      case "response.created":
        this.closing = undefined;
        this.responseId = idOf(event.response) ?? this.responseId;
        return;
      case "response.output_text.delta":
        this.#textLength += String(event.delta ?? "").length;
        return;
      case "response.output_item.added":
        yield* this.#begin(Object(event.item));
        return;
      case "response.output_item.done":
        yield* this.#finish(Object(event.item));
        return;
      case "response.completed":
      case "response.incomplete":
      case "response.failed":
        yield* this.#close(event);
        return;
      case "error":
        this.closing = { state: "failed", message: reasonIn(event.message) };
    }
  }

  /** The steps that were begun and of which nothing more will be heard. */
  *abandon(): Generator<AgentEvent> {
    for (const call of this.#calls.values()) {
      if (call.step === undefined || call.isDone) continue;
      call.isDone = true;
      yield call.step.failed("The answer broke off before the tool's result", null);
    }
  }

  #readArguments(event: StackEvent, isDone: boolean): void {
    const call = this.#call(String(event.item_id ?? ""));
    if (isDone) call.argumentsText = String(event.arguments ?? call.argumentsText);
    else if (call.argumentsText.length < textLimit) call.argumentsText += String(event.delta ?? "");
    this.#textLength += String(event.delta ?? "").length;
  }

  /** Arguments may come before the item, with it, or later: the step starts as soon as its name is known. */
  *#begin(item: OutputItem): Generator<AgentEvent> {
    const name = stepNames.find((step) => step === item.name);
    if (item.type !== "mcp_call" || name === undefined) return;
    const call = this.#call(String(item.id ?? ""));
    if (typeof item.arguments === "string" && item.arguments !== "") {
      call.argumentsText = item.arguments;
    }
    if (call.argumentsText !== "") yield* this.#start(call, name);
  }

  *#start(call: Call, name: StepName): Generator<AgentEvent, Step> {
    if (call.step !== undefined) return call.step;
    this.#stepCount++;
    const step = new Step(`${this.#task.runId}:${this.#stepCount}`, name);
    call.step = step;
    const args = parseOutput(call.argumentsText || "{}");
    if (name === "make_final_decision" && findFlaw(args, this.#task) === undefined) {
      // findFlaw has looked at the three members.
      const { decision, confidence, reasoning } = args as Record<string, string | number>;
      yield {
        type: "decision.proposed",
        decision: String(decision),
        confidence: Number(confidence),
        reasoning: this.#masker.mask(String(reasoning)).text,
      };
    }
    yield step.started(args);
    return step;
  }

  *#finish(item: OutputItem): Generator<AgentEvent> {
    const id = String(item.id ?? "");
    if (id !== "" && this.#handled.has(id)) return;
    this.#handled.add(id);
    if (item.type === "mcp_call") yield* this.#finishCall(item);
    else if (item.type === "message") yield* this.#takeNote(messageText(item));
    else if (item.type === "mcp_approval_request") {
      const args = parseOutput(String(item.arguments ?? ""));
      this.#approvals.push({ id, name: String(item.name), args });
    } else if (item.type === "mcp_list_tools" && item.error) {
      this.trouble = `the tools of ${item.server_label} could not be listed`;
    } else if (item.type === "function_call") {
      this.trouble = `the model called ${JSON.stringify(item.name)}, which is no tool of this run`;
    }
  }

  *#finishCall(item: OutputItem): Generator<AgentEvent> {
    const name = stepNames.find((step) => step === item.name);
    if (name === undefined) {
      this.trouble = `the model called ${JSON.stringify(item.name)}, which is no tool of this run`;
      return;
    }
    const call = this.#call(String(item.id ?? ""));
    if (typeof item.arguments === "string") call.argumentsText = item.arguments;
    const step = yield* this.#start(call, name);
    call.isDone = true;
    const flaw =
      name === "make_final_decision"
        ? findFlaw(parseOutput(call.argumentsText), this.#task)
        : undefined;
    const { isError, output, error } = readCall(item);
    if (isError || flaw !== undefined) {
      const reason = flaw ?? error ?? `${name} was refused; its server's log has the reason`;
      if (name === "make_final_decision") this.trouble = reason;
      yield step.failed(shortened(this.#masker, reason), output);
      return;
    }
    yield step.completed(output ?? {});
    if (name === "make_final_decision") this.#decide(output ?? {});
  }

  /** The first decision that was recorded for this run counts. */
  #decide(output: StepOutput): void {
    const { claimId, runId } = this.#task;
    if (output.claim_id === claimId && output.run_id === runId) this.decision ??= output;
    else this.trouble = "the decision server answered for another claim or run";
  }

  *#takeNote(text: string): Generator<AgentEvent> {
    if (text.trim() === "") return;
    const note = this.#masker.mask(text.slice(0, textLimit)).text;
    this.#notes.push(note);
    yield { type: "note", text: note };
  }

  *#close(event: StackEvent): Generator<AgentEvent> {
    const response: Record<string, unknown> = Object(event.response);
    this.responseId = idOf(response) ?? this.responseId;
    // Items whose own events a version leaves out are in the closing event.
    for (const item of Array.isArray(response.output) ? response.output : []) {
      yield* this.#finish(Object(item));
    }
    const reason = Object(response.incomplete_details).reason ?? Object(response.error).message;
    const message = reasonIn(reason);
    const state = event.type.slice("response.".length);
    this.closing =
      state === "incomplete" || state === "failed" ? { state, message } : { state: "completed" };
  }

  #call(id: string): Call {
    const known = this.#calls.get(id);
    if (known !== undefined) return known;
    const call: Call = { step: undefined, argumentsText: "", isDone: false };
    this.#calls.set(id, call);
    return call;
  }
}

function idOf(response: unknown): string | undefined {
  const { id } = Object(response);
  return typeof id === "string" ? id : undefined;
}
