import type { Notification, Request, Response } from "./message.ts";

/**
 * Where messages for a client go: an HTTP answer, a stream, or stdout. None of its methods throws.
 */
export interface Outlet {
  /** A request or notification of the server. */
  deliver(message: Request | Notification): void;
  /** The answer to the call that this outlet was handed in with. */
  answer(response: Response): void;
  /** No answer will come: the client has cancelled the call. */
  dismiss?(): void;
  /** The call is still running; called about once a second from its first second on. */
  stir?(): void;
  /** The server asks to close the connection before the answer; the client will poll for it. */
  hangUp?(): void;
  /** The server asked for something that the client did not declare; it has been refused. */
  refused?(missing: ClientCapabilities): void;
}

/**
 * What a client declared that it can do for a server. Members beside these are of no concern to the
 * wire.
 */
export interface ClientCapabilities {
  sampling?: { tools?: object; context?: object };
  elicitation?: { form?: object; url?: object };
  roots?: { listChanged?: boolean };
}

/**
 * One client connection in front of the mux: a stdio pair, an HTTP session, or a single stateless
 * request.
 */
export interface Client {
  /** Where messages go that belong to no call in flight. */
  readonly outlet: Outlet;
  capabilities: ClientCapabilities;
  /** Undefined until the client has sent initialize. */
  protocolVersion: string | undefined;
  /** The least severe log messages that it wants; undefined leaves it to the server. */
  logLevel: LogLevel | undefined;
  /** URIs of the resources that it subscribed to; created when first used. */
  subscriptions: Set<string> | undefined;
  isGone: boolean;
  /** False for a client of a single request, of which no farewell will be heard. */
  readonly isStaying: boolean;
}

/** Log levels of MCP, from the most talkative to the least (RFC 5424). */
export const logLevels = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
] as const;
export type LogLevel = (typeof logLevels)[number];

export function isLogLevel(value: unknown): value is LogLevel {
  // The list is wider than the type that `includes` wants.
  return (logLevels as readonly unknown[]).includes(value);
}

/** Whether a message of `level` is one that a client with `least` wants to see. */
export function isLoud(level: unknown, least: LogLevel | undefined): boolean {
  if (least === undefined || !isLogLevel(level)) return true;
  return logLevels.indexOf(level) >= logLevels.indexOf(least);
}

/** Why a client cannot serve what a server asks for, or undefined when it can. */
export function findMissingCapability(
  client: ClientCapabilities,
  request: Request,
): ClientCapabilities | undefined {
  const params = request.params ?? {};
  if (request.method === "sampling/createMessage") {
    if (client.sampling === undefined) return { sampling: {} };
    const wantsTools = params.tools !== undefined || params.toolChoice !== undefined;
    return wantsTools && client.sampling.tools === undefined
      ? { sampling: { tools: {} } }
      : undefined;
  }
  if (request.method === "roots/list")
    return client.roots === undefined ? { roots: {} } : undefined;
  if (request.method !== "elicitation/create") return undefined;
  const { elicitation } = client;
  if (params.mode === "url") return elicitation?.url ? undefined : { elicitation: { url: {} } };
  // An empty object means form mode only (2025-11-25, elicitation, "Capabilities").
  const hasForm = elicitation !== undefined && (elicitation.form || !elicitation.url);
  return hasForm ? undefined : { elicitation: { form: {} } };
}
