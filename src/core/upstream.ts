import { DirectReads } from "./directReads.ts";
import { AppError, type Fault } from "./fault.ts";
import type { Secret } from "./secret.ts";

/** How long an upstream may take to answer, in milliseconds; below the 30 s at which clients and routers give up. */
const answerLimitMs = 29_500;
/** The largest answer that is read, in bytes: far above any page that the services send. */
const answerLimitBytes = 32 * 1024 * 1024;
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

export interface UpstreamAnswer {
  status: number;
  headers: Pick<Headers, "get">;
  /** The parsed JSON body; undefined when the answer had none. */
  body: unknown;
}

/** What an upstream failure looks like to a tool's caller (structured content and text alike). */
export interface UpstreamFailure {
  error: string;
  detail: unknown;
  status_code: number | null;
}

/** Opens a client of one service. Nothing is connected before the first call. */
export function openUpstream(options: {
  name: string;
  baseUrl: string;
  token?: Secret | undefined;
  /** True when the environment names an HTTP proxy: then every request is left to fetch, which uses it. */
  isProxied?: boolean;
}): Upstream {
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

/** Reads an answer up to the limit; the rest of a longer one is never fetched. */
async function readText(response: Response, service: string): Promise<string> {
  const declaredBytes = Number(response.headers.get("content-length") ?? Number.NaN);
  // A length may be a lie only about encoded bodies, whose decoded size nobody declares.
  if (declaredBytes <= answerLimitBytes && !response.headers.has("content-encoding")) {
    return response.text();
  }
  const decoder = new TextDecoder();
  let text = "";
  let receivedBytes = declaredBytes > answerLimitBytes ? declaredBytes : 0;
  if (receivedBytes === 0) {
    for await (const chunk of response.body ?? []) {
      receivedBytes += chunk.byteLength;
      if (receivedBytes > answerLimitBytes) break;
      text += decoder.decode(chunk, { stream: true });
    }
  }
  if (receivedBytes <= answerLimitBytes) return text + decoder.decode();
  const detail = `${service}: answer over ${answerLimitBytes} bytes`;
  throw failed("upstream_invalid", "Invalid backend response", detail);
}

function readAnswer(
  service: string,
  response: Pick<UpstreamAnswer, "status" | "headers">,
  text: string,
): UpstreamAnswer {
  const { status } = response;
  const body = text === "" ? undefined : parseJson(text);
  if (status < 200 || status > 299) {
    const fault = faultOf(status);
    throw failed(fault, `HTTP ${status}`, body === notJson ? text : (body ?? null), status);
  }
  if (body === notJson) {
    throw failed(
      "upstream_invalid",
      "Invalid backend response",
      `${service}: the body is not JSON`,
      status,
    );
  }
  return { status, headers: response.headers, body };
}

const notJson = Symbol("not JSON");

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return notJson;
  }
}

function faultOf(status: number): Fault {
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

function unreachable(service: string, cause: unknown): AppError {
  const code = String(Object(cause).code ?? "it cannot be reached");
  const reason = reasons[code] ?? code;
  return failed("unavailable", "Backend unreachable", `${service}: ${reason}`, null, cause);
}

function timedOut(service: string): AppError {
  return failed("timeout", "Backend timeout", `${service}: no answer within 30 s`);
}

function failed(
  fault: Fault,
  error: string,
  detail: unknown,
  status: number | null = null,
  cause?: unknown,
): AppError {
  const failure: UpstreamFailure = { error, detail, status_code: status };
  return new AppError(fault, error, { detail: failure, cause });
}
