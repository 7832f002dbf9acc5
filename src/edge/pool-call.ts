import type { Caller } from "../wire/channel.ts";
import type { Client } from "../wire/client.ts";
import type { Request, RequestId, Response } from "../wire/message.ts";

/** One request on its way through a pool. */
export interface PoolCall {
  /** What the mux knows it by. */
  readonly id: RequestId;
  readonly request: Request;
  readonly client: Client | undefined;
  readonly principal: string | undefined;
  /** Whose child it needs: undefined where all share one. */
  readonly lane: Lane | undefined;
  readonly queuedAtMs: number;
  requestBytes: number;
  /** The pages of a list that has come so far. */
  pages: unknown[];
  pageCount: number;
}

/** Whom a child belongs to: a session, or all single requests of one caller. */
export type Lane = Client | string;

/** Where each client has children of its own: those of its session, or of its caller's single requests. */
export function laneOf(client: Client | undefined, caller: Caller | undefined): Lane {
  return client?.isStaying ? client : `visitor ${caller?.principal ?? ""}`;
}

/** Whether the client of a lane has left. */
export function isGone(lane: Lane | undefined): boolean {
  return typeof lane === "object" && lane.isGone;
}

/** How a call has ended. A `tool_error` is an answer that says that the tool has failed. */
export type CallOutcome = "ok" | "tool_error" | "error" | "cancelled" | "refused";

/** What is told of a call when it has ended; never its arguments. */
export interface CallRecord {
  principal: string | undefined;
  method: string;
  /** The name of the tool or prompt, or the URI of the resource. */
  target: string | undefined;
  outcome: CallOutcome;
  durationMs: number;
  requestBytes: number;
  responseBytes: number;
  traceparent: string | undefined;
}

/** Opens the record of a request that a client has sent. */
export function openCall(
  request: Request,
  from: { client: Client | undefined; caller: Caller | undefined; lane: Lane | undefined },
): PoolCall {
  return {
    id: request.id,
    request,
    client: from.client,
    principal: from.caller?.principal,
    lane: from.lane,
    queuedAtMs: performance.now(),
    requestBytes: 0,
    pages: [],
    pageCount: 0,
  };
}

/** Methods whose calls are recorded: those that do or reveal something. */
const recordedMethods = new Set(["tools/call", "prompts/get", "resources/read"]);

export function isRecorded({ request }: PoolCall): boolean {
  return recordedMethods.has(request.method);
}

export function recordOf(call: PoolCall, outcome: CallOutcome, responseBytes: number): CallRecord {
  const { method, params } = call.request;
  const target = params?.name ?? params?.uri;
  const trace = params?._meta?.traceparent;
  return {
    principal: call.principal,
    method,
    target: typeof target === "string" ? target.slice(0, 256) : undefined,
    outcome,
    durationMs: Math.round((performance.now() - call.queuedAtMs) * 100) / 100,
    requestBytes: call.requestBytes,
    responseBytes,
    traceparent: typeof trace === "string" ? trace.slice(0, 64) : undefined,
  };
}

/** The record of a request that was not let through. */
export function refusedRecord(principal: string, { method, params }: Request): CallRecord {
  const target = String(params?.name ?? params?.uri ?? "").slice(0, 256);
  const nothing = { durationMs: 0, requestBytes: 0, responseBytes: 0, traceparent: undefined };
  return { principal, method, target, outcome: "refused", ...nothing };
}

/** A call in words, for messages about it. */
export function whatOf({ request: { method, params } }: PoolCall): string {
  return typeof params?.name === "string" ? `${method} "${params.name}"` : method;
}

/** How an answer counts. */
export function outcomeOf(message: Response): CallOutcome {
  if ("error" in message) return "error";
  return message.result.isError === true ? "tool_error" : "ok";
}
