/**
 * A language model that follows a script, as an OpenAI-compatible server: the only thing in these tests that is not real.
 * A user's message says what it does: each line `call <tool> <JSON>` is one tool call, made one after the other; then it
 * answers with what the last tool said. Of plain questions it knows the one of the FantaCo story.
 */

export interface ChatMessage {
  role: string;
  content?: unknown;
}

/** A tool call that the model makes. */
export interface PlannedCall {
  tool: string;
  /** JSON, as a model writes it. */
  arguments: string;
}

/** What a model does with a conversation: its next tool call, or its answer. */
export type Think = (messages: readonly ChatMessage[]) => PlannedCall | { answer: string };

/** A running model. */
export interface ScriptedModel {
  url: string;
  /** The bodies of the chat requests so far, oldest first. */
  requests: readonly { messages: ChatMessage[]; tools?: unknown[] }[];
  stop(): Promise<void>;
}

/** How many requests are kept for the tests to look at. */
const keptRequestsLimit = 1000;

/** Starts a model on a free loopback port; `think` is what it follows instead of this file's script. */
export function startModel(think: Think = followScript): ScriptedModel {
  const requests: { messages: ChatMessage[] }[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    routes: {
      "/health": () => new Response("ok"),
      "/v1/models": () =>
        Response.json({ object: "list", data: [{ id: "scripted", object: "model", created: 1 }] }),
      "/v1/chat/completions": (request) => chatCompletion(think, request, requests),
    },
    fetch: (request) =>
      Response.json(
        { error: { message: `No ${new URL(request.url).pathname} here` } },
        { status: 404 },
      ),
  });
  return {
    url: `http://127.0.0.1:${server.port}/v1`,
    requests,
    stop: () => server.stop(true),
  };
}

/** Answers one request for a chat completion, whole or streamed; `seen` is given its body. */
export async function chatCompletion(
  think: Think,
  request: Request,
  seen: { messages: ChatMessage[] }[] = [],
): Promise<Response> {
  const body: { messages: ChatMessage[]; stream?: boolean } = await request.json();
  seen.push(body);
  seen.splice(0, seen.length - keptRequestsLimit);
  const turn = think(body.messages);
  return (body.stream === true ? streamed : whole)(turn, body.messages.length);
}

/** The script: a tool call or the answer. */
function followScript(messages: readonly ChatMessage[]): ReturnType<Think> {
  const at = messages.findLastIndex(({ role }) => role === "user");
  const question = textOf(messages[at]?.content);
  const results = messages
    .slice(at + 1)
    .flatMap(({ role, content }) => (role === "tool" ? [textOf(content)] : []));
  const plan = /thomashardy@example\.com/.test(question)
    ? storyPlan(results)
    : scriptedPlan(question);
  const call = plan[results.length];
  if (call !== undefined) return call;
  if (/thomashardy/.test(question)) return { answer: storyAnswer(results.at(-1) ?? "") };
  return {
    answer: results.length === 0 ? "There was nothing to do." : `The tool said: ${results.at(-1)}`,
  };
}

function scriptedPlan(question: string): PlannedCall[] {
  return [...question.matchAll(/^call (\S+) (\{.*\})$/gm)].map(([, tool = "", json = ""]) => ({
    tool,
    arguments: json,
  }));
}

/** "Find the customer with email thomashardy@example.com and show their order history." */
function storyPlan([found]: readonly string[]): PlannedCall[] {
  const search = {
    tool: "search_customers",
    arguments: '{"contact_email":"thomashardy@example.com"}',
  };
  const id = /"customerId":\s*"([A-Z]+)"/.exec(found ?? "")?.[1];
  if (id === undefined) return [search];
  return [search, { tool: "fetch_order_history", arguments: JSON.stringify({ customer_id: id }) }];
}

function storyAnswer(history: string): string {
  const orders = [...history.matchAll(/"orderNumber":\s*"([^"]+)"/g)].map(([, number]) => number);
  return `Thomas Hardy has ${orders.length} orders: ${orders.join(", ")}.`;
}

/** The text of a message, whatever form its content has. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => String(Object(part).text ?? "")).join("\n");
}

function streamed(turn: ReturnType<Think>, messageCount: number): Response {
  const deltas =
    "answer" in turn
      ? [{ role: "assistant", content: turn.answer }]
      : [
          {
            role: "assistant",
            tool_calls: [{ index: 0, ...callOf(turn, messageCount) }],
          },
        ];
  const end = "answer" in turn ? "stop" : "tool_calls";
  const id = completionId();
  const chunks = [...deltas.map((delta) => chunkOf(id, delta, null)), chunkOf(id, {}, end)];
  return new Response(`${chunks.join("")}data: [DONE]\n\n`, {
    headers: { "content-type": "text/event-stream" },
  });
}

function whole(turn: ReturnType<Think>, messageCount: number): Response {
  const message =
    "answer" in turn
      ? { role: "assistant", content: turn.answer }
      : { role: "assistant", content: null, tool_calls: [callOf(turn, messageCount)] };
  const choice = { index: 0, message, finish_reason: "answer" in turn ? "stop" : "tool_calls" };
  const head = headOf(completionId(), "chat.completion");
  return Response.json({ ...head, choices: [choice], usage });
}

const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

/** An id of its own for each call of a conversation: it has one message more each time. */
function callOf(turn: PlannedCall, messageCount: number) {
  return {
    id: `call_${messageCount}`,
    type: "function",
    function: { name: turn.tool, arguments: turn.arguments },
  };
}

function chunkOf(id: string, delta: object, finish: string | null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ ...headOf(id, "chat.completion.chunk"), choices })}\n\n`;
}

/** LangGraph takes two messages of one id for one. */
function completionId(): string {
  return `chat_${crypto.randomUUID()}`;
}

function headOf(id: string, object: string) {
  return { id, object, created: 1, model: "scripted" };
}
