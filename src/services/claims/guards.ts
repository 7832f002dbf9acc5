import { AppError } from "../../core/fault.ts";
import type { Secret } from "../../core/secret.ts";
import { isAuthorized } from "../token.ts";
import type { ClaimsSettings } from "./settings.ts";

/** Lets administrators pass: with their token, or in development without one being set. */
export function adminGuard(settings: ClaimsSettings): (request: Request) => void {
  const { adminToken, environment } = settings;
  return (request) => {
    if (adminToken) return requireToken(request, adminToken);
    if (environment === "development") return;
    throw new AppError("forbidden", "Administration is switched off: ADMIN_TOKEN is not set");
  };
}

/** Lets the MCP servers pass, which bring the token of the internal endpoints. */
export function internalGuard({ internalToken }: ClaimsSettings): (request: Request) => void {
  return (request) => {
    if (internalToken) return requireToken(request, internalToken);
    throw new AppError("forbidden", "Internal endpoints are closed: INTERNAL_TOKEN is not set");
  };
}

/** Lets everybody pass: probes and the root answer. */
export function openGuard(): void {
  // Nothing is asked.
}

function requireToken(request: Request, token: Secret): void {
  if (isAuthorized(request, token)) return;
  throw new AppError("unauthorized", "A valid bearer token is required");
}
