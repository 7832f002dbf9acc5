import { AppError } from "../../../src/core/fault.ts";

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
    hint: "list_collections names those that there are.",
  });
}
