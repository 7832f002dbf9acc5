import { rpcCode } from "../wire/message.ts";
import { refuse } from "../wire/refusal.ts";
import type { Access, Denial } from "./access.ts";

/** Where the metadata of a protected resource is (RFC 9728). */
export const metadataPath = "/.well-known/oauth-protected-resource";

/** The 401 or 403 that tells a client how to get in (RFC 6750, section 3; RFC 9728, section 5.1). */
export function challenge(
  denial: Denial,
  { access, isResource }: { access: Access; isResource: IsResource },
  request: Request,
): Response {
  const { status, error, message } = denial;
  const scope = denial.scope ?? access.oauth?.scopes.join(" ");
  const parameters = [
    ['realm="berth"'],
    error === undefined ? [] : [`error="${error}"`, `error_description="${quotable(message)}"`],
    scope ? [`scope="${quotable(scope)}"`] : [],
    access.oauth === undefined ? [] : [`resource_metadata="${metadataUrlOf(request, isResource)}"`],
  ].flat();
  const headers = { "www-authenticate": `Bearer ${parameters.join(", ")}` };
  return refuse({ status, code: rpcCode.serverError, message, headers });
}

/** What of this address a token can be for: the path of a server, or of all of them. */
export type IsResource = (path: string) => boolean;

/** The RFC 9728 document for a path; undefined when there is no authorization server to name, or the path is no resource. */
export function answerMetadata(
  request: Request,
  access: Access,
  isResource: IsResource,
): Response | undefined {
  const { oauth } = access;
  if (oauth === undefined || !request.url.includes(metadataPath)) return undefined;
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith(metadataPath)) return undefined;
  const rest = pathname.slice(metadataPath.length);
  if (rest !== "" && !rest.startsWith("/")) return undefined;
  if (rest !== "" && !isResource(rest)) return refuseUnknown(rest);
  const body = {
    // RFC 9728, section 3.3: the resource that the URL was made of.
    resource: `${originOf(request)}${rest}`,
    authorization_servers: [oauth.issuer],
    bearer_methods_supported: ["header"],
    ...(oauth.scopes.length > 0 && { scopes_supported: oauth.scopes }),
    resource_name: "Berth",
  };
  return Response.json(body, { headers: { "access-control-allow-origin": "*" } });
}

function refuseUnknown(path: string): Response {
  const message = `Cannot describe ${JSON.stringify(path)}: no such resource`;
  const hint = `A resource is /<name>/mcp or /mcp; that of the whole address is described at ${metadataPath}`;
  return Response.json({ error: "Not Found", message, hint }, { status: 404 });
}

function metadataUrlOf(request: Request, isResource: IsResource): string {
  const { pathname } = new URL(request.url);
  return `${originOf(request)}${metadataPath}${isResource(pathname) ? pathname : ""}`;
}

/** A router in front says under which scheme it was called; the host has been checked. */
function originOf(request: Request): string {
  const { protocol, host } = new URL(request.url);
  const forwarded = request.headers.get("x-forwarded-proto");
  const scheme = forwarded === "https" || forwarded === "http" ? forwarded : protocol.slice(0, -1);
  return `${scheme}://${host}`;
}

function quotable(text: string): string {
  return text.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, "?");
}
