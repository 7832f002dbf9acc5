import { AppError } from "../core/fault.ts";
import type { Upstream, UpstreamRequest } from "../core/upstream.ts";
import type { UpstreamAnswer } from "../core/upstreamAnswer.ts";
import type { ToolCall } from "./tool.ts";

/** One REST call of a tool. */
export interface RestCall extends Omit<UpstreamRequest, "signal" | "requestId"> {
  /** What a model should do when the service answers 404. */
  notFoundHint?: string;
}

/** Next steps by fault, for failures that look alike in every tool. */
const hints = {
  invalid_input: "Correct what detail names and call again.",
  conflict: "Read the record's present state before you call again.",
  unauthorized:
    "The server's own access to the service is refused. Tell the user; its operator must set it right.",
  forbidden:
    "The service refuses this to the server. Tell the user; other arguments will not help.",
  too_busy: "The service is busy. Wait some seconds and call again with the same arguments.",
  unavailable:
    "The service is not available now. Try again in a few seconds; do not change the arguments.",
  timeout: "The service did not answer in time. Try again once; do not change the arguments.",
  upstream_invalid:
    "The service failed. Tell the user; calling again with the same arguments will not help.",
} as const satisfies Partial<Record<AppError["fault"], string>>;

/**
 * Calls a REST service for a tool and shapes the answer: an object is passed through, an array becomes
 * `{"results":[…]}`, an empty answer says its status, any other JSON value becomes `{"result":…}`, because structured
 * content is an object.
 * @throws AppError with the service's status and body as `detail`, and what the model can do next as `hint`.
 */
export async function callRest(
  rest: Upstream,
  { notFoundHint, ...request }: RestCall,
  { signal, requestId }: ToolCall,
): Promise<{ result: Record<string, unknown>; headers: UpstreamAnswer["headers"] }> {
  try {
    const answer = await rest.call({ ...request, signal, ...(requestId && { requestId }) });
    return { result: shape(answer), headers: answer.headers };
  } catch (error) {
    throw error instanceof AppError ? withHint(error, notFoundHint) : error;
  }
}

function shape({ body, status }: UpstreamAnswer): Record<string, unknown> {
  if (body === undefined) return { status: "success", status_code: status };
  if (Array.isArray(body)) return { results: body };
  if (typeof body !== "object" || body === null) return { result: body };
  return { ...body };
}

function withHint(error: AppError, notFoundHint: string | undefined): AppError {
  const known: Partial<Record<AppError["fault"], string>> = hints;
  const hint = error.fault === "not_found" ? notFoundHint : known[error.fault];
  if (hint === undefined) return error;
  return new AppError(error.fault, error.message, {
    hint,
    detail: error.detail,
    cause: error.cause,
  });
}
