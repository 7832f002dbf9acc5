import { errorOf, type RequestId } from "./message.ts";

/**
 * Why the front does not serve a request: an HTTP status and the JSON-RPC error that explains it.
 */
export interface Refusal {
  status: number;
  code: number;
  message: string;
  id?: RequestId | null;
  data?: unknown;
  headers?: Record<string, string>;
}

/**
 * The HTTP answer for a refusal. Clients show the body, so it says what was tried and what to do.
 */
export function refuse({ status, code, message, id, data, headers }: Refusal): Response {
  const body = JSON.stringify(errorOf(id ?? null, code, message, data));
  return new Response(body, {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}
