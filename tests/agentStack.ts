import { connectHttp } from "./clients.ts";
import { callTool } from "./toolCalls.ts";

/** How long what was sent takes to leave, in milliseconds; Bun throws it away when the stream fails at once. */
const flushMs = 50;

/** What the scripted model does next. */
export type Move =
  | { say: string }
  | { call: string; args: unknown; server?: "rag-server" | "decision-server" }
  /** Events as they go onto the wire. */
  | { events: readonly Record<string, unknown>[] }
  /** Ends the connection, or keeps it open for ever without a word. */
  | { end: "closed" | "cut" | "silent" };

/** The values that the model was given with the claim. */
export interface Given {
  claim_id: string;
  user_id: string;
  run_id: string;
  /** The whole request. */
  request: StackRequest;
}

/** The moves of one response; each may depend on what the tools answered. */
export type Script = (given: Given) => Iterable<Move> | AsyncIterable<Move>;

interface StackRequest {
  input: Record<string, unknown>[];
  tools: Record<string, unknown>[];
  instructions: string;
  previous_response_id?: string;
}

/** A Responses endpoint as Llama Stack has it: it calls the MCP servers that the request names, for real. */
export interface ScriptedStack extends AsyncDisposable {
  url: string;
  script: Script;
  version: string;
  /** The status that it answers with instead. */
  status: number;
  shield: "clean" | "violation" | "unavailable";
  requests: StackRequest[];
  shielded: unknown[];
}

/** Starts the endpoint; `script` and `version` may be changed between runs. */
export function startScriptedStack(): ScriptedStack {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/v1/version") return Response.json({ version: stack.version });
      const body = await request.json();
      if (pathname === "/v1/safety/run-shield") {
        stack.shielded.push(body);
        if (stack.shield === "unavailable") return new Response("no", { status: 500 });
        const violation = stack.shield === "violation" ? { violation_level: "error" } : null;
        return Response.json({ violation });
      }
      stack.requests.push(body);
      if (stack.status !== 200) {
        return Response.json(
          { detail: "Internal server error: An unexpected error" },
          { status: stack.status },
        );
      }
      return new Response(respond(stack, body), {
        headers: { "content-type": "text/event-stream" },
      });
    },
  });
  const stack: ScriptedStack = {
    url: server.url.origin,
    script: () => [],
    version: "0.7.1",
    status: 200,
    shield: "clean",
    requests: [],
    shielded: [],
    [Symbol.asyncDispose]: async () => server.stop(true),
  };
  return stack;
}

function respond(stack: ScriptedStack, request: StackRequest): ReadableStream<string> {
  const given = givenIn(stack, request);
  let isOpen = true;
  return new ReadableStream({
    async start(controller) {
      const send = (event: Record<string, unknown>) => {
        if (isOpen) controller.enqueue(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      };
      const id = `resp_${stack.requests.length}`;
      send({ type: "response.created", response: { id, output: [] } });
      let count = 0;
      for await (const move of stack.script(given)) {
        if (!isOpen) return;
        const itemId = `item_${stack.requests.length}_${count++}`;
        if ("end" in move) {
          if (move.end === "cut") await cut(controller);
          else if (move.end === "closed") controller.close();
          return;
        }
        if ("events" in move) for (const event of move.events) send(event);
        else if ("say" in move) say(send, itemId, move.say);
        else if (!isJson(move.args)) {
          // Llama Stack fails as a whole on arguments that are no JSON.
          await cut(controller);
          return;
        } else await sendCall(send, itemId, { move, request, version: stack.version });
      }
      send({ type: "response.completed", response: { id, status: "completed", output: [] } });
      if (isOpen) controller.close();
    },
    cancel() {
      isOpen = false;
    },
  });
}

/** Breaks the connection off after what was sent so far has left. */
async function cut(controller: ReadableStreamDefaultController<string>): Promise<void> {
  await Bun.sleep(flushMs);
  controller.error();
}

function isJson(args: unknown): boolean {
  return typeof args !== "string" || /^\s*\{/.test(args);
}

type Send = (event: Record<string, unknown>) => void;

function say(send: Send, id: string, text: string): void {
  send({ type: "response.output_text.delta", item_id: id, delta: text });
  const item = { id, type: "message", role: "assistant", content: [{ type: "output_text", text }] };
  send({ type: "response.output_item.done", item });
}

async function sendCall(
  send: Send,
  id: string,
  {
    move,
    request,
    version,
  }: { move: Extract<Move, { call: string }>; request: StackRequest; version: string },
): Promise<void> {
  const server = request.tools.find(
    ({ server_label, allowed_tools }) =>
      (move.server ?? server_label) === server_label &&
      Array.isArray(allowed_tools) &&
      allowed_tools.includes(move.call),
  );
  const text = typeof move.args === "string" ? move.args : JSON.stringify(move.args);
  const base = { id, type: "mcp_call", name: move.call, server_label: server?.server_label ?? "?" };
  if (server === undefined) {
    // From 0.6 on a call of an unknown tool is handed to the caller.
    const item = { id, type: "function_call", name: move.call, arguments: text };
    send({ type: "response.output_item.done", item });
    return;
  }
  if (isWaiting(server.require_approval, move.call) && request.previous_response_id === undefined) {
    const item = { ...base, type: "mcp_approval_request", arguments: text };
    send({ type: "response.output_item.done", item });
    return;
  }
  if (request.previous_response_id !== undefined && !request.input[0]?.approve) return;
  // Llama Stack writes a point where OpenAI writes an underscore, and sends the arguments before the item.
  const spelling = version.startsWith("1.") ? "mcp_call_arguments" : "mcp_call.arguments";
  send({ type: `response.${spelling}.delta`, item_id: id, delta: text });
  send({ type: `response.${spelling}.done`, item_id: id, arguments: text });
  send({ type: "response.output_item.added", item: { ...base, arguments: "" } });
  const result = await callServer(String(server.server_url), move.call, text);
  if (result.isError) send({ type: "response.mcp_call.failed", item_id: id });
  const item = result.isError
    ? { ...base, arguments: text, output: null, error: "Error (code 1): None" }
    : { ...base, arguments: text, output: result.text, error: null };
  send({ type: "response.output_item.done", item });
}

async function callServer(
  url: string,
  name: string,
  text: string,
): Promise<{ isError: boolean; text: string }> {
  await using connected = await connectHttp(url);
  const { isError, content } = await callTool(connected, name, JSON.parse(text));
  return { isError, text: String(content[0]?.text) };
}

function isWaiting(approval: unknown, name: string): boolean {
  if (approval === "always") return true;
  const { always } = Object(approval);
  return Array.isArray(always) && always.includes(name);
}

function givenIn(stack: ScriptedStack, request: StackRequest): Given {
  const first = stack.requests.findLast((one) => one.previous_response_id === undefined) ?? request;
  const text = String(first.input[0]?.content ?? "");
  const value = (name: string) => new RegExp(`^${name}: (.+)$`, "m").exec(text)?.[1] ?? "";
  return {
    claim_id: value("claim_id"),
    user_id: value("user_id"),
    run_id: value("run_id"),
    request,
  };
}
