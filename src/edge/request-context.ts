import type { Caller, Screen } from "../wire/channel.ts";
import type { ToolFilter } from "./config.ts";
import type { Hosted } from "./hosted.ts";
import { mayReach, type Principal } from "./principal.ts";
import { createScreen, readTrace } from "./screen.ts";
import { isToolAllowed, type ListedTool, readHeaderFilter } from "./tool-filter.ts";

/** One HTTP request: who sends it, what it narrows, and the trace that it belongs to. */
export interface RequestContext {
  caller: Principal;
  filter: ToolFilter | undefined;
  trace: Readonly<Record<string, string>> | undefined;
}

export function readContext(headers: Headers, caller: Principal): RequestContext {
  return { caller, filter: readHeaderFilter(headers), trace: readTrace(headers) };
}

/** The filters that a request meets at one server: the operator's, the caller's and its own. */
export function filtersFor(hosted: Hosted, { caller, filter }: RequestContext): ToolFilter[] {
  const nothing: ToolFilter | undefined = mayReach(caller, hosted.name) ? undefined : { allow: [] };
  return [nothing, hosted.filter, caller.tools, filter].filter((one) => one !== undefined);
}

/** A caller as one server meets it. */
interface ServerCaller extends Caller {
  screen: Screen;
  allowedTools(tools: readonly ListedTool[]): ListedTool[];
}

/** Those of requests that narrow nothing and belong to no trace: they are the same for every such request. */
const plainCallers = {
  full: new WeakMap<Hosted, WeakMap<Principal, ServerCaller>>(),
  text: new WeakMap<Hosted, WeakMap<Principal, ServerCaller>>(),
};

/** What the wire is told of a request for one server. */
export function callerFor(hosted: Hosted, context: RequestContext, isText: boolean): ServerCaller {
  if (context.filter !== undefined || context.trace !== undefined) {
    return openCaller(hosted, context, isText);
  }
  const { [isText ? "text" : "full"]: servers } = plainCallers;
  const callers = servers.get(hosted) ?? new WeakMap<Principal, ServerCaller>();
  servers.set(hosted, callers);
  const known = callers.get(context.caller) ?? openCaller(hosted, context, isText);
  callers.set(context.caller, known);
  return known;
}

function openCaller(hosted: Hosted, context: RequestContext, isText: boolean): ServerCaller {
  const { caller, trace } = context;
  const filters = filtersFor(hosted, context);
  const screen = createScreen({
    caller,
    filters,
    isText,
    trace,
    listTools: () => hosted.knownTools(),
    onRefused: (request) => hosted.refused(caller.name, request),
  });
  return {
    principal: caller.name,
    screen,
    allowedTools: (tools) => tools.filter((tool) => isToolAllowed(tool.name, tool, filters)),
  };
}
