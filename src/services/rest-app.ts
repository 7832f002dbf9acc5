import { Elysia } from "elysia";
import { AppError } from "../core/fault.ts";
import { requireJsonAccepted } from "./accept.ts";
import type { Method, Operation } from "./operation.ts";
import { readQuery } from "./query-string.ts";
import { type RestAppOptions, serveRequest } from "./request-life.ts";
import { isAuthorized } from "./token.ts";

/** The methods that every known path answers: with its operation, or with 405. */
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
/** The label of requests for unknown paths, which would otherwise make a metric series each. */
const unknownRoute = "unknown";

/** A REST service without its port: `handle` answers a request. */
export interface RestApp {
  handle(request: Request): Promise<Response>;
}

/** The router's path parameters; null for a malformed percent-encoding. */
type Params = Readonly<Record<string, string | null>>;
type Handler = (request: Request, params: Params) => Promise<Response>;

/** Builds the router: each operation, HEAD and OPTIONS beside it, and the refusal of all other methods. */
export function createRestApp(operations: readonly Operation[], options: RestAppOptions): RestApp {
  const app = new Elysia({
    strictPath: true,
    // The router otherwise looks for the path from character 11 on, which a short Host header moves.
    handler: { standardHostname: false },
  });
  for (const [path, byMethod] of groupByPath(operations)) {
    for (const method of methods) {
      const handler = handlerFor(path, method, byMethod, options);
      app.route(method, path, ({ request, params }) => handler(request, params));
    }
    const refuse = refusing(path, byMethod, options);
    app.all(path, ({ request }) => refuse(request, {}));
  }
  app.onError(({ code, request, error }) => {
    const path = new URL(request.url).pathname;
    return serveRequest({ request, route: unknownRoute, path }, options, () => {
      if (code !== "NOT_FOUND") throw error;
      throw new AppError("not_found", `No static resource ${path.slice(1)}.`);
    });
  });
  return { handle: async (request) => app.handle(withHost(request)) };
}

/** A client without a Host header leaves the server with a bare path, which is no URL. */
function withHost(request: Request): Request {
  return request.url.startsWith("/")
    ? new Request(`http://localhost${request.url}`, request)
    : request;
}

function groupByPath(operations: readonly Operation[]): Map<string, Map<string, Operation>> {
  const byPath = new Map<string, Map<string, Operation>>();
  for (const operation of operations) {
    const byMethod = byPath.get(operation.path) ?? new Map<Method, Operation>();
    byPath.set(operation.path, byMethod.set(operation.method, operation));
  }
  return byPath;
}

function handlerFor(
  route: string,
  method: (typeof methods)[number],
  byMethod: ReadonlyMap<string, Operation>,
  options: RestAppOptions,
): Handler {
  const operation = byMethod.get(method === "HEAD" ? "GET" : method);
  if (operation) return performing(operation, options);
  if (method !== "OPTIONS") return refusing(route, byMethod, options);
  const headers = { allow: allowedMethods(byMethod) };
  return (request) =>
    serveRequest({ request, route, path: route }, options, () => new Response(null, { headers }));
}

function refusing(
  route: string,
  byMethod: ReadonlyMap<string, Operation>,
  options: RestAppOptions,
): Handler {
  const allow = allowedMethods(byMethod);
  return (request) =>
    serveRequest({ request, route, path: route }, options, () => {
      const problem = `Request method '${request.method}' is not supported`;
      const answer = options.answerFailure(new AppError("method_not_allowed", problem), {
        path: new URL(request.url).pathname,
        operation: undefined,
      });
      answer.headers.set("allow", allow);
      return answer;
    });
}

function performing(operation: Operation, options: RestAppOptions): Handler {
  const call = { route: operation.path, path: operation.path, operation };
  return (request, params) =>
    serveRequest({ ...call, request }, options, () => perform(operation, request, params, options));
}

/** The checks in the order in which clients know their failures: token, media types, body, fields. */
async function perform(
  operation: Operation,
  request: Request,
  params: Params,
  options: RestAppOptions,
): Promise<Response> {
  requireAllowed(operation, request, options);
  const { readBody, parse } = options.input;
  // A body of the wrong type is reported before an Accept header that fits nothing.
  const isBodyLeftOut = operation.isBodyOptional && request.body === null;
  const json = operation.body && !isBodyLeftOut ? await readBody(request) : {};
  if (operation.produces === undefined) requireJsonAccepted(request);
  const body = operation.body ? parse(operation.body, json, "body") : undefined;
  const query = operation.query
    ? parse(operation.query, readQuery(request.url), "query")
    : undefined;
  return operation.answer({
    request,
    params: operation.params ? withRawSegment(params, request) : {},
    query,
    body,
  });
}

function requireAllowed(operation: Operation, request: Request, { token }: RestAppOptions): void {
  if (operation.guard) {
    operation.guard(request);
    return;
  }
  if (!token || operation.isInternal || isAuthorized(request, token)) return;
  throw new AppError("unauthorized", "A valid bearer token is required");
}

/** A last segment that cannot be decoded stands for itself: it names nothing, and the answer can say so. */
function withRawSegment(params: Params, request: Request): Record<string, string> {
  for (const [name, value] of Object.entries(params)) {
    if (value !== null) continue;
    const { pathname } = new URL(request.url);
    return { [name]: pathname.slice(pathname.lastIndexOf("/") + 1) };
  }
  // No value is null here.
  return params as Record<string, string>;
}

function allowedMethods(byMethod: ReadonlyMap<string, Operation>): string {
  const allowed = methods.filter((method) =>
    method === "OPTIONS" ? true : byMethod.has(method === "HEAD" ? "GET" : method),
  );
  return allowed.join(", ");
}
