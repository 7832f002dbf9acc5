import { AppError, type Fault } from "../core/fault.ts";
import { describeMisfits } from "./misfit.ts";
import type { Tool, ToolCall } from "./tool.ts";

/** The result of tools/call: one JSON text part and the same object as structured content. */
export type ToolResult = {
  content: { type: "text"; text: string }[];
  structuredContent: Record<string, unknown>;
  isError: boolean;
};

/**
 * How a server words failures of the kit's own: with the label, detail and status of a REST call, or as the claims
 * servers do, `{success: false, error}`.
 */
export type FailureForm = "rest" | "success";

/** Runs one tool: validates the arguments, does the work, and turns a failure into a result that a model can act on. */
export async function runTool<Deps>(
  tool: Tool<Deps>,
  args: unknown,
  { deps, call, form }: { deps: Deps; call: ToolCall; form: FailureForm },
): Promise<ToolResult> {
  try {
    const given = withoutAliases(tool, args ?? {});
    const parsed = tool.input.safeParse(given);
    if (!parsed.success) return invalidArgument(describeMisfits(parsed.error, given), form);
    const result = await tool.run(parsed.data, deps, call);
    return {
      content: [{ type: "text", text: JSON.stringify(result) }],
      structuredContent: result,
      isError: false,
    };
  } catch (error) {
    return failure(error, tool.name, { call, form });
  }
}

/** The result for arguments that a tool cannot take, and for tools that do not exist. */
export function invalidArgument(text: string, form: FailureForm): ToolResult {
  if (form === "success") return failed({ success: false, error: text });
  return {
    content: [{ type: "text", text }],
    structuredContent: { error: "Invalid argument", detail: text, status_code: null },
    isError: true,
  };
}

/** Faults of the world around the server, which its operator wants to see; the others are the caller's own. */
const operatorFaults: ReadonlySet<Fault> = new Set(["unavailable", "timeout", "upstream_invalid"]);

function failure(
  error: unknown,
  tool: string,
  { call, form }: { call: ToolCall; form: FailureForm },
): ToolResult {
  const { log, requestId, signal } = call;
  if (!(error instanceof AppError)) {
    // A cancelled call may fail in any way; nobody waits for its result.
    if (!signal.aborted) log.error({ tool, requestId, err: error }, "tool failed");
    const detail = `${tool} failed; see the server's log`;
    if (form === "success") return failed({ success: false, error: detail });
    return failed({ error: "Internal error", detail, status_code: null });
  }
  const { fault, message, hint, detail } = error;
  log[operatorFaults.has(fault) ? "warn" : "debug"]({ tool, requestId, fault }, message);
  const next = hint === undefined ? {} : { hint };
  if (typeof detail === "object" && detail !== null) return failed({ ...detail, ...next });
  if (form === "success") return failed({ success: false, error: message, ...next });
  if (fault === "invalid_input") {
    return invalidArgument(hint ? `${message}. ${hint}` : message, form);
  }
  return failed({ error: message, detail: null, status_code: null, ...next });
}

function failed(body: Record<string, unknown>): ToolResult {
  return {
    content: [{ type: "text", text: JSON.stringify(body) }],
    structuredContent: body,
    isError: true,
  };
}

function withoutAliases<Deps>(tool: Tool<Deps>, args: unknown): unknown {
  const aliases = Object.entries(tool.aliases);
  if (aliases.length === 0 || typeof args !== "object" || args === null) return args;
  const renamed: Record<string, unknown> = { ...args };
  for (const [alias, name] of aliases) {
    if (renamed[alias] === undefined) continue;
    renamed[name] ??= renamed[alias];
    delete renamed[alias];
  }
  return renamed;
}
