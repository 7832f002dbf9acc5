import type * as z from "zod";
import { AppError } from "../core/fault.ts";
import type { Logger } from "../core/log.ts";
import type { Secret } from "../core/secret.ts";
import { addCorsHeaders, type CorsRule } from "./cors.ts";
import { describeFailure } from "./failure-log.ts";
import type { RequestMetrics } from "./metrics.ts";
import type { Operation } from "./operation.ts";

/** How a service words its failures; `error` is undefined for a bug, whose text is never shown. */
export type AnswerFailure = (
  error: AppError | undefined,
  context: { path: string; operation: Operation | undefined },
) => Response;

/** How a service reads what requests bring; each throws an AppError that the service's `answerFailure` words. */
export interface InputForm {
  readBody(request: Request): Promise<unknown>;
  parse<Output>(schema: z.ZodType<Output>, input: unknown, part: "body" | "query"): Output;
}

/** What a service's requests have in common. */
export interface RestAppOptions {
  answerFailure: AnswerFailure;
  log: Logger;
  metrics: RequestMetrics;
  cors: CorsRule;
  /** Demanded of every operation that is not internal, when set. */
  token: Secret | undefined;
  input: InputForm;
}

/** One request on its way. */
export interface Call {
  request: Request;
  /** The route's pattern, for log and metrics. */
  route: string;
  /** The path for the CORS rule: the pattern will do, its beginning is literal. */
  path: string;
  operation?: Operation;
}

/** A client's own id is taken over when it is short and printable; it goes into log lines and a header. */
const acceptableId = /^[\x21-\x7e]{1,128}$/;

/** Does `work` for one request, turns its failure into an answer, and leaves its id, one log line and a metric. */
export async function serveRequest(
  call: Call,
  options: RestAppOptions,
  work: () => Response | Promise<Response>,
): Promise<Response> {
  const startedAt = performance.now();
  const { request, route } = call;
  const requestId = requestIdOf(request);
  let answer: Response;
  try {
    answer = await work();
  } catch (error) {
    answer = answerFailure(error, call, requestId, options);
  }
  answer.headers.set("x-request-id", requestId);
  addCorsHeaders(options.cors, request, call.path, answer.headers);
  const ms = performance.now() - startedAt;
  const { method } = request;
  const { status } = answer;
  options.metrics.record(method, route, status, ms / 1000);
  const line = { requestId, method, route, status, ms: Math.round(ms * 100) / 100 };
  options.log[call.operation?.isProbe ? "debug" : "info"](line, "request");
  return answer;
}

function requestIdOf(request: Request): string {
  const given = request.headers.get("x-request-id");
  return given !== null && acceptableId.test(given) ? given : crypto.randomUUID();
}

function answerFailure(
  error: unknown,
  call: Call,
  requestId: string,
  options: RestAppOptions,
): Response {
  const fault = error instanceof AppError ? error : undefined;
  if (fault === undefined) {
    options.log.error({ requestId, failure: describeFailure(error) }, "request failed");
  } else if (fault.fault === "unavailable") {
    const failure = describeFailure(fault.cause ?? fault);
    options.log.warn({ requestId, failure }, "database not available");
  }
  const { pathname } = new URL(call.request.url);
  const answer = options.answerFailure(fault, { path: pathname, operation: call.operation });
  if (fault?.fault === "unauthorized") answer.headers.set("www-authenticate", "Bearer");
  return answer;
}
