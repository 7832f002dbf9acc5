import { createHash } from "node:crypto";
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { type Denial, principalOf, type Reach } from "./access.ts";
import type { Principal } from "./principal.ts";

export interface OAuthOptions extends Reach {
  issuer: string;
  /** What a token has to be meant for: this gateway. */
  audience: string;
  /** Where the keys are; absent: found through the issuer's metadata. */
  jwksUrl?: string | undefined;
  algorithms?: readonly string[] | undefined;
  requiredScopes?: readonly string[] | undefined;
  /** The scope with which a token may follow the events of its servers. */
  tailScope?: string | undefined;
  /** For tests: the keys themselves. */
  keys?: JWTVerifyGetKey;
}

/** What is accepted unless it is said otherwise: asymmetric, so a resource server holds no signing key. */
export const defaultAlgorithms: readonly string[] = ["RS256", "PS256", "ES256", "EdDSA"];
/** How far the clocks of two machines may differ, in seconds. */
const clockToleranceS = 30;
/** How long a token that was checked need not be checked again, in milliseconds. */
const keptForMs = 60_000;
/** The most tokens, and the most callers, that are remembered. */
const rememberedLimitCount = 10_000;
/** How long the issuer may take to answer, in milliseconds. */
const issuerLimitMs = 5_000;
const tokenLimitLength = 16 * 1024;

/** Checks access tokens (JWT, RFC 9068) of one authorization server: an OAuth 2.1 resource server. */
export class OAuth {
  readonly issuer: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly tailScope: string | undefined;
  readonly #options: OAuthOptions;
  readonly #checked = new Map<string, { caller: Principal; untilMs: number }>();
  readonly #callers = new Map<string, Principal>();
  #keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(options: OAuthOptions) {
    this.#options = options;
    this.issuer = options.issuer;
    this.audience = options.audience;
    this.tailScope = options.tailScope;
    this.scopes = options.requiredScopes ?? [];
  }

  /** Who holds a token, or why it is refused. */
  async identify(token: string): Promise<Principal | Denial> {
    if (token.length > tokenLimitLength) return invalid("it is too long");
    const key = createHash("sha256").update(token).digest("base64url");
    const known = this.#checked.get(key);
    if (known !== undefined && known.untilMs > Date.now()) return known.caller;
    this.#checked.delete(key);
    try {
      const { payload } = await this.#verify(token);
      const refusal = this.#findScopeRefusal(payload);
      if (refusal !== undefined) return refusal;
      const caller = this.#principalOf(payload);
      const untilMs = Math.min(Date.now() + keptForMs, (payload.exp ?? 0) * 1000);
      remember(this.#checked, key, { caller, untilMs });
      return caller;
    } catch (error) {
      return invalid(wordsOf(error));
    }
  }

  async #verify(token: string): Promise<{ payload: JWTPayload }> {
    const { issuer, audience, algorithms = defaultAlgorithms } = this.#options;
    return jwtVerify(token, await this.#findKeys(), {
      issuer,
      audience,
      algorithms: [...algorithms],
      clockTolerance: clockToleranceS,
      requiredClaims: ["exp", "sub"],
    });
  }

  #findKeys(): Promise<JWTVerifyGetKey> {
    this.#keys ??= this.#loadKeys().catch((error: unknown) => {
      // The issuer may be back at the next call.
      this.#keys = undefined;
      throw error;
    });
    return this.#keys;
  }

  async #loadKeys(): Promise<JWTVerifyGetKey> {
    const { keys, jwksUrl, issuer } = this.#options;
    if (keys !== undefined) return keys;
    const url = jwksUrl ?? (await discoverJwks(issuer));
    return createRemoteJWKSet(new URL(url), { timeoutDuration: issuerLimitMs });
  }

  #findScopeRefusal(payload: JWTPayload): Denial | undefined {
    const granted = scopesOf(payload);
    if (this.scopes.every((one) => granted.has(one))) return undefined;
    const wanted = this.scopes.join(" ");
    const message = `Cannot serve the request: its token lacks a scope of ${JSON.stringify(wanted)}`;
    return { status: 403, error: "insufficient_scope", message, scope: wanted };
  }

  /** One caller a subject, so that its rate counts over all its tokens; what a token may see is its own. */
  #principalOf(payload: JWTPayload): Principal {
    const { sub = "" } = payload;
    const { tailScope } = this.#options;
    const known = this.#callers.get(sub);
    const caller = known ?? principalOf(sub, this.#options);
    if (known === undefined) remember(this.#callers, sub, caller);
    const mayTail = tailScope !== undefined && scopesOf(payload).has(tailScope);
    return mayTail ? { ...caller, mayTail } : caller;
  }
}

function scopesOf({ scope }: JWTPayload): Set<string> {
  return new Set(typeof scope === "string" ? scope.split(" ") : []);
}

/** RFC 8414 first, then OpenID Connect discovery; both name `jwks_uri`. */
async function discoverJwks(issuer: string): Promise<string> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const places = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  for (const place of places) {
    const response = await fetch(place, { signal: AbortSignal.timeout(issuerLimitMs) });
    if (!response.ok) continue;
    // Both members are checked before they are used.
    const metadata = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (metadata.issuer === issuer && typeof metadata.jwks_uri === "string")
      return metadata.jwks_uri;
  }
  throw new Error(`the keys of ${issuer} cannot be found`);
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  if (map.size >= rememberedLimitCount) {
    const [oldest] = map.keys();
    if (oldest !== undefined) map.delete(oldest);
  }
  map.set(key, value);
}

function invalid(state: string): Denial {
  const message = `Cannot serve the request: its bearer token is refused: ${state}`;
  return { status: 401, error: "invalid_token", message };
}

function wordsOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "it has expired";
  if (error instanceof errors.JWTClaimValidationFailed) return `its "${error.claim}" is wrong`;
  if (error instanceof errors.JOSEAlgNotAllowed) return "its algorithm is not allowed";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "its signature is wrong";
  if (error instanceof errors.JWKSNoMatchingKey) return "no key of the issuer has signed it";
  if (error instanceof errors.JOSEError) return "it is not a signed token that can be read";
  return "the keys of its issuer cannot be read";
}
