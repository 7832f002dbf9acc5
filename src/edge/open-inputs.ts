import type { Request, RequestId, Response } from "../wire/message.ts";

interface OpenCall {
  request: Request;
  /** What the caller knows it by; a retry has another id. */
  callId: RequestId;
  requestState: unknown;
  waiting: Set<string>;
  responses: Record<string, unknown>;
}

/** Questions to put to a client, and the call that they belong to. */
export interface Questions {
  callId: RequestId;
  questions: Request[];
}

/** What follows from an answer: the call goes on, or it has failed. */
export type Retry = { request: Request } | { failed: RequestId; reason: string };

/**
 * Calls to a 2026-07-28 server that may need input: an `input_required` result becomes questions to the client, and its answers
 * become a retry of the call with them.
 */
export class OpenInputs {
  readonly #calls = new Map<RequestId, OpenCall>();
  readonly #asked = new Map<RequestId, { call: OpenCall; key: string; method: string }>();
  #lastId = 0;

  open(request: Request): void {
    this.#keep(request, request.id);
  }

  /** Forgets a call that nobody waits for. */
  drop(callId: unknown): void {
    for (const [id, call] of this.#calls) if (call.callId === callId) this.#calls.delete(id);
    for (const [id, { call }] of this.#asked) if (call.callId === callId) this.#asked.delete(id);
  }

  /** The questions in an answer; without any, the answer gets the id that its caller knows and is the last word. */
  answered(response: Response): Questions | undefined {
    const call = response.id === null ? undefined : this.#calls.get(response.id);
    if (call === undefined || response.id === null) return undefined;
    this.#calls.delete(response.id);
    response.id = call.callId;
    if ("error" in response || response.result.resultType !== "input_required") return undefined;
    const { inputRequests, requestState } = response.result;
    call.requestState = requestState;
    const questions = entriesOf(inputRequests).map(([key, { method, params }]): Request => {
      const id = `input-${++this.#lastId}`;
      call.waiting.add(key);
      this.#asked.set(id, { call, key, method });
      return { jsonrpc: "2.0", id, method, ...(params && { params }) };
    });
    return { callId: call.callId, questions };
  }

  /** Takes a client's answer; the call goes on when it was the last that was missing. */
  take(response: Response): Retry | undefined {
    const asked = response.id === null ? undefined : this.#asked.get(response.id);
    if (asked === undefined || response.id === null) return undefined;
    this.#asked.delete(response.id);
    const { call, key, method } = asked;
    if ("result" in response) call.responses[key] = response.result;
    // A client that cannot show a form has not filled it in.
    else if (method === "elicitation/create") call.responses[key] = { action: "cancel" };
    else {
      this.drop(call.callId);
      return { failed: call.callId, reason: `Cannot go on: ${response.error.message}` };
    }
    call.waiting.delete(key);
    return call.waiting.size > 0 ? undefined : { request: this.#retry(call) };
  }

  #retry({ request, callId, requestState, responses }: OpenCall): Request {
    const { params } = request;
    const more = requestState === undefined ? {} : { requestState };
    const again = {
      ...request,
      id: `retry-${++this.#lastId}`,
      params: { ...params, inputResponses: responses, ...more },
    };
    this.#keep(again, callId);
    return again;
  }

  #keep(request: Request, callId: RequestId): void {
    this.#calls.set(request.id, {
      request,
      callId,
      requestState: undefined,
      waiting: new Set(),
      responses: {},
    });
  }
}

type Question = { method: string; params?: Request["params"] };

function entriesOf(requests: unknown): [string, Question][] {
  if (typeof requests !== "object" || requests === null) return [];
  // Each value is used when its method is a text.
  return Object.entries(requests as Record<string, Question>).filter(
    ([, value]) => typeof value?.method === "string",
  );
}
