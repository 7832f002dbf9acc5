/** Which pages of other origins may read a part of a service. */
export interface CorsRule {
  /** The paths that the rule is about. */
  prefix: string;
  /** Origins as browsers send them; `*` for all; empty for none. */
  origins: readonly string[];
}

/** The headers beyond the safelisted ones that scripts may read. */
const exposedHeaders = "Location, X-Request-Id, X-Total-Count, X-Receipt-Created";
/** How long a browser may remember a preflight's answer, in seconds. */
const preflightAgeSeconds = 3600;

/** Adds the CORS headers that the rule grants to this request; without credentials, so `*` stays harmless. */
export function addCorsHeaders(
  rule: CorsRule,
  request: Request,
  path: string,
  headers: Headers,
): void {
  if (rule.origins.length === 0 || !path.startsWith(rule.prefix)) return;
  const origin = grantedOrigin(rule, request);
  if (origin !== "*") headers.append("vary", "Origin");
  if (origin === undefined) return;
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-expose-headers", exposedHeaders);
  if (request.method !== "OPTIONS") return;
  headers.set("access-control-allow-methods", headers.get("allow") ?? "");
  const asked = request.headers.get("access-control-request-headers");
  if (asked) headers.set("access-control-allow-headers", asked);
  headers.set("access-control-max-age", `${preflightAgeSeconds}`);
}

function grantedOrigin(rule: CorsRule, request: Request): string | undefined {
  if (rule.origins.includes("*")) return "*";
  const origin = request.headers.get("origin") ?? "";
  return rule.origins.includes(origin) ? origin : undefined;
}
