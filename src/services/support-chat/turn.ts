import { AgentFailure } from "../../agent/failure.ts";
import type { CallEntry, Conversations, Entry } from "./conversation.ts";
import type { Model, Said } from "./model.ts";
import type { ChatTool, Toolbox } from "./toolbox.ts";

/** What a turn tells the page while it goes on. */
export type TurnEvent =
  | { type: "text"; delta: string }
  /** An entry is new or has changed; `place` counts from 0. */
  | { type: "entry"; place: number; entry: Entry }
  | { type: "failed"; message: string }
  /** It is over, or a person has to decide first. */
  | { type: "ended"; isWaiting: boolean };

export interface TurnParts {
  id: string;
  entries: Entry[];
  conversations: Conversations;
  model: Model;
  toolbox: Toolbox;
  /** Ends the turn when it takes too long; a reader who leaves does not. */
  signal: AbortSignal;
}

/** How often a model may call tools before it has to answer. */
const roundLimitCount = 10;

/**
 * Lets the model answer: its calls are carried out and shown, calls that write wait for a person. Every entry is stored
 * before it is told.
 */
export async function* takeTurn(parts: TurnParts): AsyncGenerator<TurnEvent> {
  const { entries, toolbox, signal } = parts;
  try {
    for (let round = 0; round < roundLimitCount && !isWaiting(entries); round++) {
      const { tools } = await toolbox.list(signal);
      const calls = yield* listen(parts, tools);
      if (calls.length === 0) break;
      for (const call of calls) yield* begin(parts, tools, call);
    }
  } catch (error) {
    if (!(error instanceof AgentFailure) && !signal.aborted) throw error;
    const message = error instanceof AgentFailure ? error.message : "The answer took too long";
    yield { type: "failed", message };
  }
  yield { type: "ended", isWaiting: isWaiting(entries) };
}

export function isWaiting(entries: readonly Entry[]): boolean {
  return entries.some((entry) => entry.type === "call" && entry.state === "waiting");
}

/** Carries a call out and stores how it ended; before that, that it began. */
export async function* carryOut(
  parts: Omit<TurnParts, "model">,
  place: number,
  tool: ChatTool,
): AsyncGenerator<TurnEvent> {
  const call = parts.entries[place];
  if (call?.type !== "call") throw new Error("there is no call at this place");
  yield put(parts, place, { ...call, state: "running" });
  const { isError, output } = await parts.toolbox.call(tool, call.arguments, parts.signal);
  yield put(parts, place, { ...call, state: isError ? "failed" : "done", output });
}

/** Stores an entry at its place and tells of it. */
export function put(
  { id, entries, conversations }: Pick<TurnParts, "id" | "entries" | "conversations">,
  place: number,
  entry: Entry,
): TurnEvent {
  entries[place] = entry;
  conversations.save(id, entries);
  return { type: "entry", place, entry };
}

/** One answer of the model: passes its text on, stores it, and returns the calls that it wants. */
async function* listen(
  parts: TurnParts,
  tools: readonly ChatTool[],
): AsyncGenerator<TurnEvent, Extract<Said, { type: "call" }>[]> {
  const { entries, model, signal } = parts;
  const calls: Extract<Said, { type: "call" }>[] = [];
  let text = "";
  for await (const said of model.answer(entries, tools, signal)) {
    if (said.type === "call") calls.push(said);
    else {
      text += said.delta;
      yield said;
    }
  }
  if (text !== "") yield put(parts, entries.length, { type: "assistant", text });
  return calls;
}

async function* begin(
  parts: TurnParts,
  tools: readonly ChatTool[],
  { callId, name, arguments: json }: Extract<Said, { type: "call" }>,
): AsyncGenerator<TurnEvent> {
  const place = parts.entries.length;
  const tool = tools.find((one) => one.name === name);
  const args = readArguments(json);
  const call: CallEntry = {
    type: "call",
    call_id: callId,
    name,
    arguments: args ?? {},
    is_read_only: tool?.isReadOnly ?? false,
    state: "waiting",
    output: null,
  };
  if (tool === undefined || args === undefined) {
    const error = tool === undefined ? "no such tool" : "the arguments are no JSON object";
    yield put(parts, place, { ...call, state: "failed", output: { error } });
    return;
  }
  yield put(parts, place, call);
  if (tool.isReadOnly) yield* carryOut(parts, place, tool);
}

function readArguments(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json || "{}");
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}
