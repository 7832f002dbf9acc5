/**
 * A language model that follows a script, as an OpenAI-compatible server: the only thing in these tests that is not real.
 * A user's message says what it does: each line `call <tool> <JSON>` is one tool call, made one after the other; then it
 * answers with what the last tool said. Of plain questions it knows the one of the FantaCo story.
 */

interface ChatMessage {
  role: string;
  content?: unknown;
}

/** A tool call that the model makes. */
interface PlannedCall {
  tool: string;
  arguments: string;
}

/** A running model. */
export interface ScriptedModel {
  url: string;
  /** The bodies of the chat requests so far, oldest first. */
  requests: readonly { messages: ChatMessage[]; tools?: unknown[] }[];
  stop(): Promise<void>;
}

/** How many requests are kept for the tests to look at. */
const keptRequestsLimit = 1000;

/** Starts the model on a free loopback port. */
export function startModel(): ScriptedModel {
  const requests: { messages: ChatMessage[] }[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    routes: {
      "/health": () => new Response("ok"),
      "/v1/models": () =>
        Response.json({ object: "list", data: [{ id: "scripted", object: "model", created: 1 }] }),
      "/v1/chat/completions": async (request) => {
        const body: { messages: ChatMessage[]; stream?: boolean } = await request.json();
        requests.push(body);
        requests.splice(0, requests.length - keptRequestsLimit);
        return body.stream === true ? streamed(body.messages) : whole(body.messages);
      },
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

/** The next thing that the model says: a tool call or the answer. */
function nextTurn(messages: readonly ChatMessage[]): PlannedCall | { answer: string } {
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

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => String(Object(part).text ?? "")).join("\n");
}

function streamed(messages: readonly ChatMessage[]): Response {
  const turn = nextTurn(messages);
  const deltas =
    "answer" in turn
      ? [{ role: "assistant", content: turn.answer }]
      : [
          {
            role: "assistant",
            tool_calls: [{ index: 0, ...callOf(turn, messages.length) }],
          },
        ];
  const end = "answer" in turn ? "stop" : "tool_calls";
  const chunks = [...deltas.map((delta) => chunkOf(delta, null)), chunkOf({}, end)];
  return new Response(`${chunks.join("")}data: [DONE]\n\n`, {
    headers: { "content-type": "text/event-stream" },
  });
}

function whole(messages: readonly ChatMessage[]): Response {
  const turn = nextTurn(messages);
  const message =
    "answer" in turn
      ? { role: "assistant", content: turn.answer }
      : { role: "assistant", content: null, tool_calls: [callOf(turn, messages.length)] };
  const choice = { index: 0, message, finish_reason: "answer" in turn ? "stop" : "tool_calls" };
  return Response.json({ ...head("chat.completion"), choices: [choice], usage });
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

function chunkOf(delta: object, finish: string | null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ ...head("chat.completion.chunk"), choices })}\n\n`;
}

function head(object: string) {
  return { id: "chat_1", object, created: 1, model: "scripted" };
}
