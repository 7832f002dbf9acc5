import { timingSafeEqual } from "node:crypto";
import type { Secret } from "../core/secret.ts";

/** True when the request carries the token as `Authorization: Bearer <token>`. */
export function isAuthorized(request: Request, token: Secret): boolean {
  const given = /^bearer\s+(\S+)\s*$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  return given !== undefined && isSame(given, token.reveal());
}

/** Compares digests, so that the time tells neither length nor content. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
