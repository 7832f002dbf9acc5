import type { PeriodicSync } from "../ingest/periodicSync.ts";
import { noSuchCollection } from "../store/collectionNames.ts";
import type { Collection } from "../store/port.ts";
import type { Grants } from "./grants.ts";
import { createMasker, type Masker } from "./mask.ts";
import type { Person } from "./personPatterns.ts";
import type { SearchContext } from "./search.ts";

/** What the tools work with. */
export interface Rag extends SearchContext {
  grants: Grants;
  /** Follows the claims service in the background, where one is named. */
  sync?: PeriodicSync;
  /** Whether personal data is replaced by placeholders in results. */
  masksPersonalData: boolean;
  /** No index was named: this one is empty and gone when the program ends. */
  isTemporary: boolean;
  now(): Date;
}

/** Refuses a collection that the caller may not see exactly as one that does not exist. */
export function checkGrant(rag: Rag, collection: string, principal: string | undefined): void {
  if (rag.grants.allows(principal, collection)) return;
  throw noSuchCollection(collection);
}

/** The collections that the caller may see. */
export async function grantedCollections(
  rag: Rag,
  principal: string | undefined,
): Promise<Collection[]> {
  const all = await rag.store.listCollections();
  return all.filter(({ name }) => rag.grants.allows(principal, name));
}

/** For one result: the same value gets the same placeholder throughout. */
export function openMasker(rag: Rag, persons: readonly Person[]): Masker {
  return rag.masksPersonalData
    ? createMasker(persons)
    : { text: (text) => text, value: (_, v) => v, all: (data) => data };
}
