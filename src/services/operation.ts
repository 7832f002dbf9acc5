import type * as z from "zod";

/** The methods that operations may have. */
export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** One documented answer of an operation. */
export interface DocumentedAnswer {
  description: string;
  /** Absent for an answer without a body. */
  schema?: z.ZodType;
  example?: unknown;
  headers?: readonly string[];
  /** Media types of the same answer beside JSON, each a text. */
  otherTypes?: readonly string[];
}

/** A request as an operation's `answer` sees it: parsed and validated. */
export interface Incoming<Query, Body> {
  request: Request;
  params: Readonly<Record<string, string>>;
  query: Query;
  body: Body;
}

/** One method on one path: its validation, its documentation and its work, in one record. */
export interface Operation<Query = unknown, Body = unknown> {
  method: Method;
  /** In the router's form: `/api/customers/:customerId`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  /** What each path parameter is, for the documentation. */
  params?: Readonly<Record<string, string | { description: string; format: string }>>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  bodyExample?: unknown;
  /** A request without a body counts as one with the empty object. */
  isBodyOptional?: boolean;
  /** Takes one file as the field `file` of a form; `answer` reads it from the request. The text says what it is. */
  upload?: string;
  answers: Readonly<Record<number, DocumentedAnswer>>;
  /** Answers other than JSON are not subject to the Accept header's check. */
  produces?: string;
  /** What a bug in this operation says to the caller, where the contract has its own words for it. */
  failureMessage?: string;
  /** Decides instead of the service's token whether the request may; throws when it may not. */
  guard?: (request: Request) => void;
  /** Left out of the OpenAPI document: operations for the platform, not for clients. */
  isInternal?: boolean;
  /** Left out of the OpenAPI document and otherwise like all others: a second spelling of a path. */
  isUndocumented?: boolean;
  /** Asked every few seconds by whoever watches over the service: its requests are logged at debug level. */
  isProbe?: boolean;
  answer(incoming: Incoming<Query, Body>): Response | Promise<Response>;
}

/** Checks an operation's types and forgets them, so that operations of all shapes fit into one list. */
export function defineOperation<Query = undefined, Body = undefined>(
  operation: Operation<Query, Body>,
): Operation {
  // `answer` is only ever called with what `query` and `body` of the same record returned.
  return operation as unknown as Operation;
}

/** A JSON answer; the body is serialised here and nowhere else. */
export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}
