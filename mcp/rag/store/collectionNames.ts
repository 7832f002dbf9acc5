import { AppError } from "../../../src/core/fault.ts";
import { collections } from "../retrieve/records.ts";

const synced: ReadonlySet<string> = new Set(Object.values(collections));

/** Refuses what cannot name a collection. */
export function checkCollectionName(name: string): void {
  if (/^[a-z0-9][a-z0-9_-]{0,62}$/.test(name)) return;
  const message = `Cannot create the collection ${JSON.stringify(name)}: not a name`;
  throw new AppError("invalid_input", message, {
    hint: "A name has up to 63 lower-case letters, digits, - and _.",
  });
}

/** The failure for a collection that is not there, or not for this caller. */
export function noSuchCollection(name: string): AppError {
  const message = `Cannot use the collection ${JSON.stringify(name)}: there is none`;
  return new AppError("not_found", message, {
    hint: synced.has(name)
      ? "It is filled from the claims service: run `rag-mcp sync` on this index, or start the server with CLAIMS_API_BASE_URL."
      : "list_collections names those that there are.",
  });
}
