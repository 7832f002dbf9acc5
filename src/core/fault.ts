/** The name of one fault. */
export type Fault =
  | "usage"
  | "invalid_config"
  | "invalid_input"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "method_not_allowed"
  | "not_acceptable"
  | "conflict"
  | "too_large"
  | "unsupported_media_type"
  | "too_busy"
  | "upstream_invalid"
  | "unavailable"
  | "timeout";

/**
 * Every fault that a caller can act on, with the HTTP status and the process exit code that it maps to.
 * This table is the only place where a fault becomes a number.
 */
export const faults: Readonly<Record<Fault, { status: number; exitCode: number }>> = {
  usage: { status: 400, exitCode: 2 },
  invalid_config: { status: 500, exitCode: 2 },
  invalid_input: { status: 400, exitCode: 1 },
  unauthorized: { status: 401, exitCode: 1 },
  forbidden: { status: 403, exitCode: 1 },
  not_found: { status: 404, exitCode: 1 },
  method_not_allowed: { status: 405, exitCode: 1 },
  not_acceptable: { status: 406, exitCode: 1 },
  conflict: { status: 409, exitCode: 1 },
  too_large: { status: 413, exitCode: 1 },
  unsupported_media_type: { status: 415, exitCode: 1 },
  too_busy: { status: 429, exitCode: 1 },
  upstream_invalid: { status: 502, exitCode: 1 },
  unavailable: { status: 503, exitCode: 1 },
  timeout: { status: 504, exitCode: 1 },
};

/**
 * A failure that the caller can act on. Its message may be shown to anyone: action, quoted value, colon, state.
 * The hint is the next step. Anything else that is thrown is a bug and is never shown.
 *
 * @example
 * throw new AppError("not_found", 'Cannot get customer "cus_9": no such customer', {
 *   hint: "Call search_customers to find its id.",
 * });
 */
export class AppError extends Error {
  readonly fault: Fault;
  readonly hint: string | undefined;
  /** Structured data about the failure, safe to show. */
  readonly detail: unknown;

  constructor(
    fault: Fault,
    message: string,
    options: { hint?: string; detail?: unknown; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.fault = fault;
    this.hint = options.hint;
    this.detail = options.detail;
  }

  /** The HTTP status that this fault answers with. */
  get status(): number {
    return faults[this.fault].status;
  }
}
