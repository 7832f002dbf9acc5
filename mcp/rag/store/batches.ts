import type { NewDocument } from "./port.ts";

/** A source that stands twice in one batch counts as its last. */
export function lastOfEach(added: readonly NewDocument[]): NewDocument[] {
  return [...new Map(added.map((document) => [document.sourceId, document])).values()];
}
