import { readMessageBytes } from "../wire/body.ts";
import type { Caller } from "../wire/channel.ts";
import {
  type Request as RpcRequest,
  type Response as RpcResponse,
  rpcCode,
} from "../wire/message.ts";
import type { Mux } from "../wire/mux.ts";
import { retryHeaders, statusOf } from "../wire/rpc-status.ts";

/** How one tool is called over plain HTTP. */
export interface HttpToolCall {
  mux: Mux;
  tool: string;
  request: Request;
  caller: Caller;
  bodyLimitBytes: number;
}

/** Calls one tool with the body as its arguments, and answers with what it returned. */
export async function callOverHttp(call: HttpToolCall): Promise<Response> {
  const args = await readArguments(call.request, call.bodyLimitBytes);
  if (args instanceof Response) return args;
  const params = { name: call.tool, arguments: args };
  const message: RpcRequest = { jsonrpc: "2.0", id: 0, method: "tools/call", params };
  const response = await new Promise<RpcResponse | undefined>((resolve) => {
    const client = call.mux.visit({ deliver: () => undefined, answer: resolve }, {});
    call.request.signal.addEventListener("abort", () => {
      call.mux.disconnect(client);
      resolve(undefined);
    });
    call.mux.receive(client, message, client.outlet, call.caller);
  });
  return response === undefined ? new Response(null, { status: 499 }) : toHttp(response);
}

async function readArguments(
  request: Request,
  limitBytes: number,
): Promise<Record<string, unknown> | Response> {
  const bytes = await readMessageBytes(request, limitBytes);
  if (bytes === undefined) return refuse(413, `The body is longer than ${limitBytes} bytes`);
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return refuse(400, "The body is not valid JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse(400, "The body is not a JSON object of arguments");
  }
  // Any object may be read by key; the tool checks its arguments.
  return value as Record<string, unknown>;
}

function toHttp(response: RpcResponse): Response {
  if ("error" in response) {
    const { error } = response;
    const isBusy = statusOf(error) === 429;
    const isUnknown = /^Unknown tool\b/.test(error.message) || /\bnot found\b/.test(error.message);
    const invalid = error.code === rpcCode.invalidParams ? (isUnknown ? 404 : 400) : 502;
    return refuse(isBusy ? 429 : invalid, error.message, retryHeaders(error));
  }
  const { structuredContent, content, isError } = response.result;
  const parts = Array.isArray(content) ? content : [];
  if (isError === true) return refuse(422, textOf(parts));
  if (structuredContent !== undefined) return Response.json(structuredContent);
  const [only, ...more] = parts;
  const isText = more.length === 0 && only?.type === "text";
  return isText ? answerText(String(only.text)) : Response.json({ content: parts });
}

/** Servers put JSON into text; what is none is given as one string. */
function answerText(text: string): Response {
  try {
    return Response.json(JSON.parse(text));
  } catch {
    return Response.json(text);
  }
}

function textOf(parts: readonly { type?: unknown; text?: unknown }[]): string {
  const texts = parts.filter(({ type }) => type === "text").map(({ text }) => String(text));
  return texts.join("\n") || "The tool has failed and said nothing";
}

function refuse(status: number, message: string, headers: Record<string, string> = {}): Response {
  const error =
    {
      400: "Bad Request",
      404: "Not Found",
      413: "Content Too Large",
      422: "Tool Error",
      429: "Too Many Requests",
    }[status] ?? "Bad Gateway";
  return Response.json({ error, message }, { status, headers });
}
