import type { StoredChunk } from "../store/port.ts";
import type { Person } from "./personPatterns.ts";
import type { Rag } from "./rag.ts";
import { collections, userRecord } from "./records.ts";

/** The people whose records the chunks' documents name: their names and addresses may stand in the texts. */
export async function personsOf(rag: Rag, chunks: readonly StoredChunk[]): Promise<Person[]> {
  if (!rag.masksPersonalData) return [];
  const ids = new Set(chunks.map(({ document }) => document.metadata.user_id));
  return listPersons(
    rag,
    [...ids].filter((id) => typeof id === "string"),
  );
}

/** The people with these ids, as far as they are known. */
export async function listPersons(rag: Rag, userIds: readonly string[]): Promise<Person[]> {
  const known = await rag.store.listCollections();
  if (!known.some(({ name }) => name === collections.users)) return [];
  const found = await Promise.all(
    userIds.map((id) => rag.store.findDocument(collections.users, id)),
  );
  return found.flatMap((document) => {
    const parsed = userRecord.safeParse(document?.metadata);
    return parsed.success ? [parsed.data] : [];
  });
}
