/** The revisions with an initialize handshake, oldest first. */
export const legacyVersions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] as const;
/** What a client is offered that asks for a revision that is not served. */
export const latestLegacyVersion = "2025-11-25";
/**
 * What a request without a version header is taken for (2025-11-25, transports, "Protocol Version
 * Header").
 */
export const assumedVersion = "2025-03-26";
/** The stateless revision. */
export const modernVersion = "2026-07-28";

export function isLegacyVersion(version: unknown): version is string {
  // The list is wider than the type that `includes` wants.
  return (legacyVersions as readonly unknown[]).includes(version);
}

/** The `_meta` key under which the front hands the id of an HTTP request to the server. */
export const requestIdKey = "berth/request-id";

/**
 * The `_meta` key under which a server names a question to its client, so that a 2026-07-28 client
 * can answer it in advance.
 */
export const inputKey = "berth/input-key";
