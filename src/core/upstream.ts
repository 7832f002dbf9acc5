import { DirectReads } from "./directReads.ts";
import { AppError } from "./fault.ts";
import { resolveNamesAfresh } from "./freshNames.ts";
import type { Secret } from "./secret.ts";
import { answerLimitBytes, readAnswer, readText, type UpstreamAnswer } from "./upstreamAnswer.ts";
import { timedOut, type UpstreamFailure, unreachable } from "./upstreamFailure.ts";

/** How long an upstream may take to answer, in milliseconds; below the 30 s at which clients and routers give up. */
const answerLimitMs = 29_500;
/** Statuses after which a read is tried once more: the upstream or its proxy was restarting. */
const passingStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

/** A REST service that this process calls. */
export interface Upstream {
  /** Calls it once; a GET is tried a second time when the first attempt found the service restarting. */
  call(request: UpstreamRequest): Promise<UpstreamAnswer>;
  /** True when `path` answers with a 2xx within `limitMs`. */
  isReady(path: string, limitMs: number): Promise<boolean>;
}

export interface UpstreamRequest {
  method: "GET" | "POST";
  /** The path, percent-encoded by the caller; see `pathSegment`. */
  path: string;
  /** Query parameters; undefined ones are left out. */
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  signal?: AbortSignal;
  /** Travels on as X-Request-Id, so that one id leads from the client to the query. */
  requestId?: string;
}

/** Opens a client of one service. Nothing is connected before the first call. */
export function openUpstream(options: {
  name: string;
  baseUrl: string;
  token?: Secret | undefined;
  /** True when the environment names an HTTP proxy: then every request is left to fetch, which uses it. */
  isProxied?: boolean;
}): Upstream {
  resolveNamesAfresh();
  const headers: Record<string, string> = { accept: "application/json" };
  if (options.token) headers.authorization = `Bearer ${options.token.reveal()}`;
  const service = {
    ...options,
    headers,
    reads: options.isProxied ? undefined : DirectReads.open(options.baseUrl, answerLimitBytes),
  };
  const attempt = (request: UpstreamRequest) => callOnce(service, request);
  return {
    call: (request) => (request.method === "GET" ? callTwice(attempt, request) : attempt(request)),
    isReady: (path, limitMs) =>
      fetch(options.baseUrl + path, { headers, signal: AbortSignal.timeout(limitMs) }).then(
        (response) => response.ok,
        () => false,
      ),
  };
}

/**
 * One path segment that reaches no other path: everything but unreserved characters is percent-encoded.
 * @throws AppError `invalid_input` for an empty value, `.` and `..`, which URL parsers resolve even when encoded.
 */
export function pathSegment(name: string, value: string): string {
  if (value !== "" && value !== "." && value !== "..")
    return encodeURIComponent(value.toWellFormed());
  throw new AppError("invalid_input", `${name} ${JSON.stringify(value)}: not an id`, {
    hint: `Give ${name} as a search or list tool returned it.`,
  });
}

interface Service {
  name: string;
  baseUrl: string;
  headers: Record<string, string>;
  reads: DirectReads | undefined;
}

function callTwice(
  attempt: (request: UpstreamRequest) => Promise<UpstreamAnswer>,
  request: UpstreamRequest,
): Promise<UpstreamAnswer> {
  return attempt(request).catch((error: unknown) => {
    if (!(error instanceof AppError) || !isPassing(error)) throw error;
    return attempt(request);
  });
}

function isPassing(error: AppError): boolean {
  // Only `failed` and `unreachable` below make the detail of this client's errors.
  const { status_code: status, error: label } = error.detail as UpstreamFailure;
  return status === null ? label === "Backend unreachable" : passingStatuses.has(status);
}

/**
 * Rejects when the time is up. The request itself ends with the caller's signal, which a tool call aborts when it fails:
 * joining that signal with a timeout's by `AbortSignal.any` would cost a call 10 us.
 */
function callOnce(service: Service, request: UpstreamRequest): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(timedOut(service.name)), answerLimitMs);
    exchange(service, request).then(
      (answer) => {
        clearTimeout(timer);
        resolve(answer);
      },
      (error: unknown) => {
        clearTimeout(timer);
        const isOurs = error instanceof AppError || request.signal?.aborted;
        reject(isOurs ? error : unreachable(service.name, error));
      },
    );
  });
}

async function exchange(service: Service, request: UpstreamRequest): Promise<UpstreamAnswer> {
  const path = request.path + queryText(request.query);
  const headers = headersFor(service.headers, request);
  if (request.method === "GET") {
    const answer = await service.reads?.get(path, headers, request.signal);
    if (answer !== undefined) return readAnswer(service.name, answer, answer.text);
  }
  const response = await fetch(service.baseUrl + path, {
    method: request.method,
    headers,
    redirect: "error",
    signal: request.signal ?? AbortSignal.timeout(answerLimitMs),
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const text = await readText(response, service.name);
  return readAnswer(service.name, response, text);
}

function headersFor(
  base: Record<string, string>,
  request: UpstreamRequest,
): Record<string, string> {
  if (request.body === undefined && request.requestId === undefined) return base;
  return {
    ...base,
    ...(request.body === undefined ? {} : { "content-type": "application/json" }),
    ...(request.requestId === undefined ? {} : { "x-request-id": request.requestId }),
  };
}

function queryText(query: UpstreamRequest["query"]): string {
  if (!query) return "";
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}
