import { type HttpCall, nameRequest } from "./http-call.ts";
import { type ErrorResponse, isRequest, type Message, rpcCode } from "./message.ts";
import { claimsVersion } from "./modern-meta.ts";
import type { Mux } from "./mux.ts";
import { assumedVersion, isLegacyVersion, legacyVersions } from "./protocol.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { Reply, replyHeaders } from "./reply.ts";
import type { Session, Sessions } from "./session.ts";
import { streamHeaders } from "./stream.ts";

export interface LegacyOptions {
  mux: Mux;
  sessions: Sessions;
  /** True refuses calls that name no session instead of serving them statelessly. */
  isSessionRequired: boolean;
}

/**
 * What one POST carried: messages, and the answers to entries of a batch that could not be read.
 */
export interface Posted {
  messages: Message[];
  refused: ErrorResponse[];
}

/**
 * Streamable HTTP of 2025-03-26 to 2025-11-25: sessions, streams, and answers as server-sent
 * events.
 */
export class LegacyHttp {
  readonly #options: LegacyOptions;

  constructor(options: LegacyOptions) {
    this.#options = options;
  }

  post(call: HttpCall, posted: Posted): Promise<Response> | Response {
    const { headers } = call.request;
    const { messages, refused } = posted;
    const version = headers.get("mcp-protocol-version");
    if (version !== null && !isLegacyVersion(version)) return refuse(unsupported(version));
    if (messages.some(claimsVersion)) return refuse(modernBatch);
    const isBatch = messages.length + refused.length !== 1;
    if (isBatch && (version ?? assumedVersion) !== assumedVersion) {
      const message = `Cannot read the batch: ${version} has none; send one message at a time`;
      return refuse({ status: 400, code: rpcCode.invalidRequest, message });
    }
    const isOpening = messages.some((one) => isRequest(one) && one.method === "initialize");
    const found = this.#findSession(call, isOpening);
    if (found instanceof Response) return found;
    if (!isOpening) return this.#take(call, posted, found);
    return this.#open(call, posted, found ?? this.#options.sessions.open(call.caller?.principal));
  }

  get(call: HttpCall): Response {
    const { request, requestId } = call;
    const session = this.#findSession(call, false);
    if (session instanceof Response) return session;
    if (session === undefined) return refuse(missingSession);
    const lastEventId = request.headers.get("last-event-id");
    const event = lastEventId === null ? undefined : session.findEvent(lastEventId);
    const body = event ? event.stream.open(event.after) : session.general().open();
    return new Response(body, { headers: { ...streamHeaders, "x-request-id": requestId } });
  }

  delete(call: HttpCall): Response {
    const session = this.#findSession(call, false);
    if (session instanceof Response) return session;
    if (session === undefined) return refuse(missingSession);
    this.#options.sessions.end(session);
    return new Response(null, { status: 200 });
  }

  #findSession({ request, caller }: HttpCall, isOpening: boolean): Session | Response | undefined {
    const id = request.headers.get("mcp-session-id");
    if (id === null) {
      if (isOpening || !this.#options.isSessionRequired) return undefined;
      return refuse(missingSession);
    }
    const session = this.#options.sessions.find(id, caller?.principal);
    // A client that initializes with an old id wants a new session; any other has to be told (404).
    if (session !== undefined || isOpening) return session;
    const message =
      "Session not found: it has ended or never was; send initialize to start another";
    return refuse({ status: 404, code: rpcCode.sessionNotFound, message });
  }

  async #open(call: HttpCall, posted: Posted, session: Session): Promise<Response> {
    const response = await this.#take(call, posted, session, session.id);
    // The server refused: nobody has learnt the id, so nobody can use the session.
    if (session.client.protocolVersion === undefined) this.#options.sessions.end(session);
    return response;
  }

  #take(
    { requestId, caller }: HttpCall,
    { messages, refused }: Posted,
    session: Session | undefined,
    sessionId?: string,
  ): Promise<Response> | Response {
    const { mux } = this.#options;
    const expectedCount = messages.filter(isRequest).length + refused.length;
    const reply = new Reply({
      session,
      headers: replyHeaders(requestId, sessionId),
      expectedCount,
    });
    const client = session?.client ?? mux.visit(reply, {});
    for (const message of messages) {
      if (isRequest(message)) nameRequest(message, requestId);
      mux.receive(client, message, reply, caller);
    }
    for (const answer of refused) reply.answer(answer);
    if (expectedCount > 0) return reply.response;
    return new Response(null, { status: 202, headers: { "x-request-id": requestId } });
  }
}

const modernBatch: Refusal = {
  status: 400,
  code: rpcCode.invalidRequest,
  message: "Cannot read the batch: 2026-07-28 has none; send one message at a time",
};

const missingSession: Refusal = {
  status: 400,
  code: rpcCode.invalidRequest,
  message: "Bad Request: Missing session ID",
};

function unsupported(version: string): Refusal {
  const message = `Bad Request: Unsupported protocol version; served: ${legacyVersions.join(", ")}`;
  return { status: 400, code: rpcCode.serverError, message, data: { requested: version } };
}
