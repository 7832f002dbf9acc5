import type { Client } from "./client.ts";
import {
  type ErrorResponse,
  errorOf,
  type Response,
  type ResultResponse,
  rpcCode,
} from "./message.ts";
import { metaKey } from "./modern-meta.ts";
import type { InitializeResult } from "./peer.ts";
import { modernVersion } from "./protocol.ts";

/** How long a client may keep a list, in milliseconds; `list_changed` tells it earlier. */
export const listTtlMs = 60_000;

/**
 * Methods whose results say how long they may be kept (2026-07-28, caching). Contents may differ
 * per caller and at any time, so they are private and stale at once unless the server says
 * otherwise.
 */
const ttlMsOf: Readonly<Record<string, number>> = {
  "tools/list": listTtlMs,
  "prompts/list": listTtlMs,
  "resources/list": listTtlMs,
  "resources/templates/list": listTtlMs,
  "resources/read": 0,
};

/** What the result of a legacy server is in the modern era. */
export function modernResult(
  response: ResultResponse,
  method: string,
  known: InitializeResult | undefined,
): ResultResponse {
  const ttlMs = ttlMsOf[method];
  const caching = ttlMs === undefined ? undefined : { ttlMs, cacheScope: "private" };
  const result = { resultType: "complete", ...caching, ...response.result };
  return { ...response, result: withServerInfo(result, known) };
}

/** The answer to `server/discover`, made of what the server said when it was initialized. */
export function discoverResult(known: InitializeResult): Record<string, unknown> {
  const { capabilities, instructions } = known;
  const result = {
    resultType: "complete",
    supportedVersions: [modernVersion],
    // Tasks of 2025-11-25 are an extension with other methods now, so they are not offered.
    capabilities: { ...capabilities, tasks: undefined },
    ...(instructions === undefined ? undefined : { instructions }),
    ttlMs: listTtlMs,
    cacheScope: "private",
  };
  return withServerInfo(result, known);
}

/** Servers should name themselves in every result (2026-07-28, basic, "Response Metadata"). */
export function withServerInfo(
  result: Record<string, unknown>,
  known: InitializeResult | undefined,
): Record<string, unknown> {
  if (known === undefined) return result;
  // `_meta` of a result is an object or absent; the server's schema says so.
  const meta = result._meta as Record<string, unknown> | undefined;
  return { ...result, _meta: { ...meta, [metaKey.serverInfo]: known.serverInfo } };
}

/** A missing resource has the code of an invalid parameter now, and names the resource. */
export function modernError(response: ErrorResponse, method: string, uri: unknown): ErrorResponse {
  const { error } = response;
  if (method !== "resources/read" || typeof uri !== "string") return response;
  const isMissing = error.code === -32002 || error.code === rpcCode.invalidParams;
  if (!isMissing) return response;
  return errorOf(response.id, rpcCode.invalidParams, error.message, error.data ?? { uri });
}

/** Whether a call has failed, in either of the two ways that a tool can say so. */
export function hasFailed(response: Response): boolean {
  return "error" in response || response.result.isError === true;
}

/** What a call is answered with that failed because the client lacks a capability. */
export function missingCapability(
  response: Response,
  required: Client["capabilities"],
): ErrorResponse {
  const names = Object.keys(required).join();
  const message = `The call needs the capability "${names}", which the client did not declare`;
  return errorOf(response.id, rpcCode.missingCapability, message, {
    requiredCapabilities: required,
  });
}
