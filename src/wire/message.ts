/** A JSON-RPC 2.0 request id as MCP allows it: a string or an integer, never null. */
export type RequestId = string | number;

/** The members of a params object; `_meta` carries the progress token and, since 2026-07-28, the protocol version. */
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
