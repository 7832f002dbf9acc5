/** A JSON-RPC 2.0 request id as MCP allows it: a string or an integer, never null. */
export type RequestId = string | number;

/**
 * The members of a params object; `_meta` carries the progress token and, since 2026-07-28, the
 * protocol version.
 */
export type Params = { _meta?: Record<string, unknown>; [name: string]: unknown };

export interface Request {
  jsonrpc: "2.0";
  id: RequestId;
  method: string;
  params?: Params;
}

export interface Notification {
  jsonrpc: "2.0";
  method: string;
  params?: Params;
}

export interface ResultResponse {
  jsonrpc: "2.0";
  id: RequestId;
  result: Record<string, unknown>;
}

export interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}

export interface ErrorResponse {
  jsonrpc: "2.0";
  /** null when the request's id could not be read (JSON-RPC 2.0, section 5). */
  id: RequestId | null;
  error: RpcError;
}

export type Response = ResultResponse | ErrorResponse;
export type Message = Request | Notification | Response;

/** Every JSON-RPC error code that the wire itself answers with. */
export const rpcCode = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** The server is gone, busy or refused; the message says which. */
  serverError: -32000,
  /** The session that a request names has ended (what the SDK answers too). */
  sessionNotFound: -32001,
  /** The call took longer than its bound. */
  timeout: -32001,
  /** 2026-07-28: a routing header does not match the body. */
  headerMismatch: -32020,
  /** 2026-07-28: the request needs a capability that the client did not declare. */
  missingCapability: -32021,
  /** 2026-07-28: the protocol version is not served here. */
  unsupportedVersion: -32022,
} as const;

export function isRequest(message: Message): message is Request {
  return "method" in message && "id" in message;
}

export function isResponse(message: Message): message is Response {
  return !("method" in message);
}

export function resultOf(id: RequestId, result: Record<string, unknown>): ResultResponse {
  return { jsonrpc: "2.0", id, result };
}

export function errorOf(
  id: RequestId | null,
  code: number,
  message: string,
  data?: unknown,
): ErrorResponse {
  const error = data === undefined ? { code, message } : { code, message, data };
  return { jsonrpc: "2.0", id, error };
}
