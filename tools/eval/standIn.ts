/**
 * A Responses endpoint as Llama Stack has it, in front of a model that is a function: it lists and calls the MCP servers of
 * a request for real. `bun run interop` does the same with real servers; here no Python is needed.
 */
import { type ChatMessage, chatCompletion, type Think, textOf } from "../interop/model.ts";
import {
  closeServers,
  connectServers,
  type ServerTools,
  UnreachableServer,
} from "./standInServers.ts";
import { converse, type Item } from "./standInTurn.ts";

/** How many responses are remembered for chains. */
const keptResponsesLimit = 1_000;

/** A running endpoint. */
export interface StandIn extends AsyncDisposable {
  /** Without /v1. */
  url: string;
  /** The bodies of the requests to /v1/responses, oldest first. */
  requests: readonly ResponsesRequest[];
}

/** What the endpoint reads of a request. */
export interface ResponsesRequest {
  model: string;
  input: string | Record<string, unknown>[];
  instructions?: string;
  tools?: Record<string, unknown>[];
  previous_response_id?: string;
  stream?: boolean;
}

/** What a chain goes on from. */
export interface Kept {
  messages: ChatMessage[];
  /** What was asked for in the whole chain, oldest first: as in Llama Stack the first request for a call counts. */
  asked: { id: string; tool: string; arguments: string; isApproved: boolean | undefined }[];
}

/** Starts the endpoint on a free loopback port; its only model is called `scripted`. */
export function startStandIn(think: Think): StandIn {
  const kept = new Map<string, Kept>();
  const requests: ResponsesRequest[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    routes: {
      // The forms of this version are the ones that it takes.
      "/v1/version": () => Response.json({ version: "0.7.1" }),
      "/v1/models": () => Response.json({ object: "list", data: [{ id: "scripted" }] }),
      "/v1/chat/completions": (request) => chatCompletion(think, request),
      "/v1/responses": async (request) => {
        const body: ResponsesRequest = await request.json();
        requests.push(body);
        requests.splice(0, requests.length - keptResponsesLimit);
        return respond(think, body, kept);
      },
    },
    fetch: (request) => refusal(404, `No ${new URL(request.url).pathname} here`),
  });
  return {
    url: server.url.origin,
    requests,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

async function respond(
  think: Think,
  body: ResponsesRequest,
  kept: Map<string, Kept>,
): Promise<Response> {
  if (body.model !== "scripted") return refusal(404, `Model '${body.model}' not found`);
  const before = kept.get(body.previous_response_id ?? "");
  if (body.previous_response_id !== undefined && before === undefined) {
    return refusal(404, `Response '${body.previous_response_id}' not found`);
  }
  let servers: ServerTools[];
  try {
    servers = await connectServers(body.tools ?? []);
  } catch (error) {
    if (error instanceof UnreachableServer) return refusal(error.status, error.message);
    throw error;
  }
  const id = `resp_${crypto.randomUUID()}`;
  const messages = [...(before?.messages ?? []), ...userMessages(body)];
  const memory: Kept = { messages, asked: structuredClone(before?.asked ?? []) };
  const output = await converse(think, { body, servers, memory }).finally(() =>
    closeServers(servers),
  );
  kept.set(id, memory);
  const [oldest] = kept.keys();
  if (kept.size > keptResponsesLimit && oldest !== undefined) kept.delete(oldest);
  const response = { id, object: "response", status: "completed", model: body.model, output };
  return body.stream === true ? streamed(response) : Response.json(response);
}

function userMessages({ input, instructions }: ResponsesRequest): ChatMessage[] {
  const items = typeof input === "string" ? [{ role: "user", content: input }] : input;
  const said = items.flatMap(({ role, content }) =>
    typeof role === "string" ? [{ role, content: textOf(content) }] : [],
  );
  return [...(instructions ? [{ role: "system", content: instructions }] : []), ...said];
}

function streamed(response: { output: readonly Item[] }): Response {
  const events = [
    { type: "response.created", response: { ...response, status: "in_progress", output: [] } },
    ...response.output.map((item) => ({ type: "response.output_item.done", item })),
    { type: "response.completed", response },
  ];
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  return new Response(text.join(""), { headers: { "content-type": "text/event-stream" } });
}

function refusal(status: number, message: string): Response {
  return Response.json({ error: { message }, detail: message }, { status });
}
