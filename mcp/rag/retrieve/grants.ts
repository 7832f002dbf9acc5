import * as z from "zod";

/** Which collections each principal may search. */
export interface Grants {
  allows(principal: string | undefined, collection: string): boolean;
}

/** Everything to everyone: what counts when no grants are set. */
const open: Grants = { allows: () => true };

/**
 * Reads `alice=contracts,claims;bob=*;*=knowledge_base`: `*` as a principal is everybody, also callers that nobody
 * named, and as a collection every one.
 */
export const grantsSetting: z.ZodType<Grants, string> = z
  .string()
  .regex(/^$|^[^=;,]+=[^=;]*(;[^=;,]+=[^=;]*)*$/)
  .transform((text) => (text.trim() === "" ? open : parseGrants(text)));

function parseGrants(text: string): Grants {
  const granted = new Map<string, Set<string>>();
  for (const entry of text.split(";")) {
    const [principal = "", names = ""] = entry.split("=").map((part) => part.trim());
    const list = names.split(",").map((name) => name.trim());
    granted.set(principal, new Set([...(granted.get(principal) ?? []), ...list]));
  }
  const has = (principal: string, collection: string) => {
    const names = granted.get(principal);
    return names !== undefined && (names.has("*") || names.has(collection));
  };
  return {
    allows: (principal, collection) =>
      has("*", collection) || (principal !== undefined && has(principal, collection)),
  };
}
