import type { Params, Request, Response, ResultResponse } from "../wire/message.ts";
import { metaKey } from "../wire/modern-meta.ts";
import { latestLegacyVersion, modernVersion } from "../wire/protocol.ts";

/** Everything that some client may be able to do; the mux in front refuses what the client at hand cannot. */
const capabilities = {
  sampling: { tools: {}, context: {} },
  elicitation: { form: {}, url: {} },
  roots: {},
};

/** A request of an earlier revision with what 2026-07-28 wants in each. */
export function modernRequest(request: Request, logLevel: unknown): Request {
  const _meta = {
    ...request.params?._meta,
    [metaKey.protocolVersion]: modernVersion,
    [metaKey.clientCapabilities]: capabilities,
    ...(logLevel !== undefined && { [metaKey.logLevel]: logLevel }),
  };
  return { ...request, params: { ...request.params, _meta } };
}

/** What a server said when it was discovered, as an answer to initialize; undefined when it did not serve that. */
export function introduce(response: Response): Record<string, unknown> | undefined {
  if ("error" in response) return undefined;
  const { result } = response;
  const versions = result.supportedVersions;
  if (!Array.isArray(versions) || !versions.includes(modernVersion)) return undefined;
  // `_meta` of a result is an object or absent; the server's schema says so.
  const meta = result._meta as Record<string, unknown> | undefined;
  const serverInfo = meta?.[metaKey.serverInfo] ?? { name: "unnamed", version: "0" };
  return {
    protocolVersion: latestLegacyVersion,
    capabilities: result.capabilities ?? {},
    serverInfo,
    ...(result.instructions !== undefined && { instructions: result.instructions }),
  };
}

/** A result without what only 2026-07-28 knows. */
export function legacyResult(response: ResultResponse): ResultResponse {
  const { resultType, ttlMs, cacheScope, ...result } = response.result;
  return { ...response, result };
}

/** One subscription for all that the server can report; undefined when that is nothing. */
export function listenRequest(
  number: number,
  offered: Record<string, unknown>,
  uris: ReadonlySet<string>,
): Request | undefined {
  const notifications: Record<string, unknown> = {};
  for (const kind of ["tools", "prompts", "resources"]) {
    // Only looked into for one optional member.
    const capability = offered[kind] as { listChanged?: boolean } | undefined;
    if (capability?.listChanged === true) notifications[`${kind}ListChanged`] = true;
  }
  if (uris.size > 0) notifications.resourceSubscriptions = [...uris];
  if (Object.keys(notifications).length === 0) return undefined;
  const params: Params = { notifications };
  const id = `berth-listen-${number}`;
  return modernRequest({ jsonrpc: "2.0", id, method: "subscriptions/listen", params }, undefined);
}
