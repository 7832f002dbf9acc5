import * as z from "zod";
import { AppError } from "../../core/fault.ts";
import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";
import { type Conversations, type Entry, entryLimitCount } from "./conversation.ts";
import type { Model } from "./model.ts";
import { pageOperations } from "./pages.ts";
import { streamTurn } from "./stream.ts";
import type { ChatTool, Toolbox } from "./toolbox.ts";
import { carryOut, isWaiting, put, type TurnEvent, type TurnParts, takeTurn } from "./turn.ts";

/** The longest message, in UTF-16 units. */
const messageLimit = 20_000;
/** How long a turn may take with all its calls, in milliseconds. */
const turnLimitMs = 900_000;

export interface ChatParts {
  conversations: Conversations;
  toolbox: Toolbox;
  model: Model | undefined;
}

/** What the page knows before anything is said. */
export interface ChatState {
  model: string | null;
  tools: ChatTool[];
  /** Why tools are missing. */
  problems: string[];
}

const Message = z.object({ text: z.string().trim().min(1).max(messageLimit) });
const Approval = z.object({ call_id: z.string().max(500), is_approved: z.boolean() });
const ToolCall = z.object({
  arguments: z.record(z.string(), z.unknown()),
  is_approved: z.boolean().default(false),
});

/** The endpoints of the chat and its page. */
export function chatOperations(parts: ChatParts): Operation[] {
  const { conversations, toolbox, model } = parts;
  const busy = new Set<string>();
  const common = { tag: "Chat", answers: {} } as const;
  const one = { path: "/api/conversations/:id", params: { id: "The conversation's id" } };
  return [
    ...pageOperations(),
    defineOperation({
      ...common,
      method: "GET",
      path: "/api/state",
      summary: "Tell what the chat can do",
      async answer({ request }) {
        const { tools, problems } = await toolbox.list(request.signal);
        const state: ChatState = { model: model?.name ?? null, tools, problems };
        return jsonAnswer(200, state);
      },
    }),
    defineOperation({
      ...common,
      method: "POST",
      path: "/api/conversations",
      summary: "Begin a conversation",
      answer: () => jsonAnswer(201, { id: conversations.create() }),
    }),
    defineOperation({
      ...common,
      method: "GET",
      ...one,
      summary: "Get a conversation",
      answer: ({ params }) => jsonAnswer(200, { entries: entriesOf(conversations, params.id) }),
    }),
    defineOperation({
      ...common,
      method: "POST",
      ...one,
      path: `${one.path}/messages`,
      summary: "Say something",
      body: Message,
      produces: "text/event-stream",
      answer({ params, body }) {
        const turn = turnOf(parts, params.id);
        if (isWaiting(turn.entries)) {
          throw new AppError("conflict", "Cannot go on: a call waits for approval or denial");
        }
        if (turn.entries.length >= entryLimitCount) {
          throw new AppError(
            "conflict",
            `Cannot go on: the conversation has ${entryLimitCount} entries`,
            {
              hint: "Begin a new one.",
            },
          );
        }
        return streamTurn(busy, turn.id, say(turn, body.text));
      },
    }),
    defineOperation({
      ...common,
      method: "POST",
      ...one,
      path: `${one.path}/approvals`,
      summary: "Approve or deny a call",
      body: Approval,
      produces: "text/event-stream",
      answer({ params, body }) {
        const turn = turnOf(parts, params.id);
        return streamTurn(busy, turn.id, decide(turn, body));
      },
    }),
    defineOperation({
      ...common,
      method: "POST",
      path: "/api/tools/:name",
      params: { name: "The tool's name" },
      summary: "Call a tool from its form",
      body: ToolCall,
      async answer({ request, params, body }) {
        const tool = await toolbox.find(params.name ?? "", request.signal);
        if (!tool.isReadOnly && !body.is_approved) {
          throw new AppError(
            "conflict",
            `Cannot call "${tool.name}": it writes, and nobody has approved it`,
          );
        }
        // A write goes on when the reader leaves: stopped half-way nobody would know its outcome.
        const signal = tool.isReadOnly ? request.signal : AbortSignal.timeout(turnLimitMs);
        const { isError, output } = await toolbox.call(tool, body.arguments, signal);
        return jsonAnswer(200, { is_error: isError, output });
      },
    }),
  ];
}

function turnOf({ conversations, toolbox, model }: ChatParts, id = ""): TurnParts {
  const entries = entriesOf(conversations, id);
  if (model === undefined) {
    throw new AppError("unavailable", "Cannot answer: no model is configured");
  }
  const signal = AbortSignal.timeout(turnLimitMs);
  return { id, entries, conversations, toolbox, model, signal };
}

function entriesOf(conversations: Conversations, id = ""): Entry[] {
  const entries = conversations.find(id);
  if (entries === undefined) throw new AppError("not_found", "No such conversation");
  return entries;
}

async function* say(turn: TurnParts, text: string): AsyncGenerator<TurnEvent> {
  yield put(turn, turn.entries.length, { type: "user", text });
  yield* takeTurn(turn);
}

async function* decide(
  turn: TurnParts,
  { call_id, is_approved }: z.output<typeof Approval>,
): AsyncGenerator<TurnEvent> {
  const place = turn.entries.findIndex(
    (entry) => entry.type === "call" && entry.call_id === call_id && entry.state === "waiting",
  );
  const call = turn.entries[place];
  if (call?.type !== "call") throw new AppError("conflict", "Cannot decide: no such call waits");
  if (is_approved) {
    yield* carryOut(turn, place, await turn.toolbox.find(call.name, turn.signal));
  } else yield put(turn, place, { ...call, state: "denied" });
  yield* takeTurn(turn);
}
