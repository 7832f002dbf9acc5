import { AppError, type Fault } from "./fault.ts";

/** What an upstream failure looks like to a tool's caller (structured content and text alike). */
export interface UpstreamFailure {
  error: string;
  detail: unknown;
  status_code: number | null;
}

export function unreachable(service: string, cause: unknown): AppError {
  const code = String(Object(cause).code ?? "it cannot be reached");
  const reason = reasons[code] ?? code;
  return failed("unavailable", "Backend unreachable", `${service}: ${reason}`, null, cause);
}

export function timedOut(service: string): AppError {
  return failed("timeout", "Backend timeout", `${service}: no answer within 30 s`);
}

export function failed(
  fault: Fault,
  error: string,
  detail: unknown,
  status: number | null = null,
  cause?: unknown,
): AppError {
  const failure: UpstreamFailure = { error, detail, status_code: status };
  return new AppError(fault, error, { detail: failure, cause });
}

/** What a status that is no 2xx means for the caller. */
export function faultOf(status: number): Fault {
  if (status === 401 || status === 407) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  if (status === 409) return "conflict";
  if (status === 429) return "too_busy";
  // A proxy says 502 while the service behind it restarts.
  if (status === 502 || status === 503) return "unavailable";
  if (status === 408 || status === 504) return "timeout";
  return status < 500 ? "invalid_input" : "upstream_invalid";
}

/** What the codes of failed connections mean; the run-time's own texts advise on its options and quote addresses. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ConnectionRefused: "connection refused",
  ECONNRESET: "connection closed before the answer",
  ConnectionClosed: "connection closed before the answer",
  ENOTFOUND: "no such host",
  FailedToOpenSocket: "no connection to the host",
  UnexpectedRedirect: "it redirects, which a service may not",
  Malformed_HTTP_Response: "the answer is not HTTP",
};
