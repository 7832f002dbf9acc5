import { type RpcError, rpcCode } from "./message.ts";

/** Errors that are errors of the HTTP request too (2026-07-28, transports, "Error Responses"). */
const statusOfCode: Readonly<Record<number, number>> = {
  [rpcCode.methodNotFound]: 404,
  [rpcCode.headerMismatch]: 400,
  [rpcCode.missingCapability]: 400,
  [rpcCode.unsupportedVersion]: 400,
};

/** The HTTP status of a JSON-RPC error: 200 unless it is an error of the request itself. */
export function statusOf(error: RpcError): number {
  return retryAfterMs(error) === undefined ? (statusOfCode[error.code] ?? 200) : 429;
}

/** When a caller that was refused for now should come back, as HTTP says it. */
export function retryHeaders(error: RpcError): Record<string, string> {
  const ms = retryAfterMs(error);
  return ms === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(ms / 1000))) };
}

function retryAfterMs({ data }: RpcError): number | undefined {
  if (typeof data !== "object" || data === null || !("retryAfterMs" in data)) return undefined;
  return Number(data.retryAfterMs) || 0;
}
