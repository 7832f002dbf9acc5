import type { Screen } from "../wire/channel.ts";
import { type Request, type Response, type RpcError, rpcCode } from "../wire/message.ts";
import type { ToolFilter } from "./config.ts";
import type { Principal } from "./principal.ts";
import { textAnswer, textTool } from "./text-results.ts";
import { isToolAllowed, type ListedTool, toolsOf } from "./tool-filter.ts";
import { nameTools } from "./tool-names.ts";

/** A server's tools as one caller sees them. */
export interface View {
  caller: Principal;
  /** All of them have to let a tool through. */
  filters: readonly ToolFilter[];
  /** Whether results are text only and names are safe for every model back end. */
  isText: boolean;
  /** What the server lists, as far as it is known; read-only filters need it. */
  listTools(): readonly ListedTool[];
  /** W3C trace context of the HTTP request. */
  trace: Readonly<Record<string, string>> | undefined;
  onRefused(request: Request): void;
}

/** Methods that count against a caller's rate. */
const countedMethods = new Set([
  "tools/call",
  "prompts/get",
  "resources/read",
  "completion/complete",
]);

/** Stands between a caller and one server: rate, filters, trace context, and text-only results where they are wanted. */
export function createScreen(view: View): Screen {
  return {
    admit(request) {
      carryTrace(request, view.trace);
      const refusal = countedMethods.has(request.method) ? findRefusal(view, request) : undefined;
      if (refusal !== undefined) view.onRefused(request);
      return refusal;
    },
    adapts: (method) => method === "tools/list" || (view.isText && method === "tools/call"),
    adapt({ method }, response) {
      if (method === "tools/list") return adaptList(view, response);
      return view.isText && method === "tools/call" ? textAnswer(response) : response;
    },
  };
}

function findRefusal(view: View, request: Request): RpcError | undefined {
  const waitMs = view.caller.rate?.take() ?? 0;
  if (waitMs > 0) {
    const message = `Cannot call ${request.method}: "${view.caller.name}" has used up its calls for now`;
    return { code: rpcCode.serverError, message, data: { retryAfterMs: waitMs } };
  }
  const { params } = request;
  if (request.method !== "tools/call" || typeof params?.name !== "string") return undefined;
  const tools = view.isText || view.filters.length > 0 ? view.listTools() : [];
  if (view.isText) params.name = realName(tools, params.name);
  const name = String(params.name);
  const listed = tools.find((tool) => tool.name === name);
  if (isToolAllowed(name, listed, view.filters)) return undefined;
  // The same words whether it exists or not: a filter is no oracle.
  const message = `Unknown tool: "${name}" is not one that you may call here; see tools/list`;
  return { code: rpcCode.invalidParams, message };
}

function adaptList(view: View, response: Response): Response {
  if ("error" in response || (!view.isText && view.filters.length === 0)) return response;
  const tools = toolsOf(response.result);
  const allowed = new Set(tools.filter((tool) => isToolAllowed(tool.name, tool, view.filters)));
  const shown = view.isText
    ? // Names are given to all tools first, so that they do not depend on who asks.
      nameTools(tools, ({ name }) => ({ prefix: "", name }))
        .filter(({ tool }) => allowed.has(tool))
        .map(({ tool, name }) => ({ ...textTool(tool), name }))
    : [...allowed];
  return { ...response, result: { ...response.result, tools: shown } };
}

function realName(tools: readonly ListedTool[], given: string): string {
  const named = nameTools(tools, ({ name }) => ({ prefix: "", name }));
  return named.find(({ name }) => name === given)?.tool.name ?? given;
}

/** The header is the outer span; a client that traces inside MCP knows better. */
function carryTrace({ params }: Request, trace: View["trace"]): void {
  if (trace === undefined || params === undefined) return;
  params._meta ??= {};
  if (params._meta.traceparent === undefined) Object.assign(params._meta, trace);
}

/** The W3C trace context of an HTTP request, when it carries a sound one. */
export function readTrace(headers: Headers): View["trace"] {
  const traceparent = headers.get("traceparent");
  if (traceparent === null) return undefined;
  if (!/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent)) return undefined;
  const more = ["tracestate", "baggage"].flatMap((name) => {
    const value = headers.get(name);
    return value !== null && value.length <= 8192 ? [[name, value] as const] : [];
  });
  return { traceparent, ...Object.fromEntries(more) };
}
