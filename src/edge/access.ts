import { createHash, timingSafeEqual } from "node:crypto";
import { AppError } from "../core/fault.ts";
import type { Secret } from "../core/secret.ts";
import type { ToolFilter } from "./config.ts";
import type { OAuth } from "./oauth.ts";
import { anyone, type Principal } from "./principal.ts";
import { RateLimit } from "./rate-limit.ts";

/** What a caller may reach; absent means everything. */
export interface Reach {
  servers?: readonly string[] | undefined;
  tools?: ToolFilter | undefined;
  callsPerMinute?: number | undefined;
}

/** A fixed bearer token and who holds it. */
export interface TokenGrant extends Reach {
  name: string;
  token: Secret;
  /** Whether its holder may follow the events of its servers. */
  tail?: boolean | undefined;
}

export interface AccessOptions {
  tokens: readonly TokenGrant[];
  oauth?: OAuth | undefined;
  /** Whether only this machine reaches Berth: then everybody may follow events where everybody may call (default). */
  isLoopback?: boolean;
}

/** Why a caller is turned away: the status, and what goes into `WWW-Authenticate`. */
export interface Denial {
  status: 401 | 403;
  error: "invalid_request" | "invalid_token" | "insufficient_scope" | undefined;
  message: string;
  /** What the token would have to allow. */
  scope?: string | undefined;
}

const loopbackHosts = new Set(["127.0.0.1", "::1", "[::1]", "localhost"]);

/** Decides who calls. Without tokens and without an authorization server everybody is `anyone`. */
export class Access {
  readonly #tokens: readonly { hash: Buffer; caller: Principal }[];
  readonly #oauth: OAuth | undefined;
  readonly #anyone: Principal;

  constructor({ tokens, oauth, isLoopback = true }: AccessOptions) {
    this.#tokens = tokens.map((grant) => ({
      hash: sha256(grant.token.reveal()),
      caller: principalOf(grant.name, grant, grant.tail),
    }));
    this.#oauth = oauth;
    this.#anyone = anyone(isLoopback);
  }

  /** Whether anybody may call. */
  get isOpen(): boolean {
    return this.#tokens.length === 0 && this.#oauth === undefined;
  }

  get oauth(): OAuth | undefined {
    return this.#oauth;
  }

  /** Finds out who sends a request; a promise only where a signature has to be checked. */
  identify(headers: Headers): Principal | Denial | Promise<Principal | Denial> {
    if (this.isOpen) return this.#anyone;
    const authorization = headers.get("authorization");
    if (authorization === null) return missing;
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token === undefined) return malformed;
    return this.#findToken(token) ?? this.#oauth?.identify(token) ?? wrong;
  }

  /** Every token is compared, each in the same time, so that the time taken says nothing. */
  #findToken(token: string): Principal | undefined {
    const given = sha256(token);
    let found: Principal | undefined;
    for (const { hash, caller } of this.#tokens) if (timingSafeEqual(hash, given)) found = caller;
    return found;
  }
}

/** Makes a caller of what it was granted. */
export function principalOf(name: string, reach: Reach, mayTail = false): Principal {
  const { servers, tools, callsPerMinute } = reach;
  const rate = callsPerMinute === undefined ? undefined : new RateLimit(callsPerMinute);
  return { name, servers, tools, rate, mayTail };
}

export function isDenial(who: Principal | Denial): who is Denial {
  return "status" in who;
}

/**
 * Refuses to serve strangers by accident.
 * @throws AppError `invalid_config` for an address that others can reach, without access control or `--insecure`.
 */
export function checkExposure(host: string, access: Access, isInsecure: boolean): void {
  if (isInsecure || !access.isOpen || isLoopback(host)) return;
  throw new AppError(
    "invalid_config",
    `Cannot listen on ${JSON.stringify(host)}: others can reach it, and no access control is set up`,
    {
      hint: "Set BERTH_TOKEN, or auth.tokens or auth.oauth in berth.json; listen on 127.0.0.1; or pass --insecure.",
    },
  );
}

export function isLoopback(host: string): boolean {
  return loopbackHosts.has(host) || /^127\.\d+\.\d+\.\d+$/.test(host);
}

const missing: Denial = {
  status: 401,
  error: undefined,
  message: "Cannot serve the request: it carries no bearer token",
};
const malformed: Denial = {
  status: 401,
  error: "invalid_request",
  message: 'Cannot serve the request: its Authorization header is not "Bearer <token>"',
};
const wrong: Denial = {
  status: 401,
  error: "invalid_token",
  message: "Cannot serve the request: its bearer token is not known here",
};

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
