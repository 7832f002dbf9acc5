import type { Client } from "./client.ts";
import type { Message, Request, RequestId, Response, RpcError } from "./message.ts";

/** What the sender knows about a message beside its text. */
export interface MessageContext {
  /**
   * The id of the request, as the peer received it, that a message from the peer belongs to.
   * In-process peers know it; a stdio child cannot say it, and the mux then finds the owner by
   * progress token or by there being only one.
   */
  relatedTo?: RequestId;
  /** The client that a message belongs to when no call is in flight: a peer that serves one client alone knows it. */
  client?: Client;
}

/** What stands between one caller and the server: it may refuse a request, and it sees what the caller will be sent. */
export interface Screen {
  /** Why the request may not go on, or undefined; it may change the request. Must not throw. */
  admit(request: Request): RpcError | undefined;
  /** Whether answers to a method may have to be adapted; those to others are passed on as they are. */
  adapts(method: string): boolean;
  /** The answer as this caller gets it. The result may be shared with other callers, so it must not be changed. */
  adapt(request: { method: string; name: string | undefined }, response: Response): Response;
}

/**
 * What the front knows about who sent a message; never part of its text, so a child process cannot
 * see it.
 */
export interface Caller {
  /** The Authorization header of the HTTP request. */
  authorization?: string;
  /** Who it is, as access control knows it. Sessions and calls that wait for input belong to this name. */
  principal?: string;
  /** What this caller may see and do. */
  screen?: Screen;
}

/**
 * One JSON-RPC peer: an MCP server, in this process or behind a pipe. Messages keep their order in
 * both directions. The front owns clients and HTTP; a channel knows neither.
 */
export interface Channel {
  /** Hands one message to the peer. Must not throw: a peer that is gone reports it through `onClose`. */
  send(message: Message, caller?: Caller, client?: Client): void;
  /** Set by the owner; called for each message that the peer sends. */
  onMessage: (message: Message, context?: MessageContext) => void;
  /** Set by the owner; called once when the peer is gone, with the reason in words. */
  onClose: (reason: string) => void;
  /**
   * Set by the owner when it can; the peer calls it to have the connection that waits for an answer
   * closed early, so that the client polls for the answer later (2025-11-25, transports, "Sending
   * Messages to the Server", item 6).
   */
  onHangUp?: (relatedTo: RequestId) => void;
  /** Told when a client that had stayed is gone; a channel that keeps something for each client forgets it. */
  leave?(client: Client): void;
  /** Lets calls in flight finish within the peer's own bound, then ends it. Safe to call twice. */
  close(): Promise<void>;
}
