/** A change of one of the claims service's records. */
export type Item = { id: string; updated_at: string; deleted: boolean } & Record<string, unknown>;

/** One change as the service lists it. */
export function change(id: string, fields: Record<string, unknown>, deleted = false): Item {
  return { id, updated_at: "2025-06-01T00:00:00Z", deleted, ...fields };
}

/** A claim on a home, denied. */
export function precedent(number: string, text: string | null): Record<string, unknown> {
  return {
    claim_id: `p-${number.at(-1)}`,
    claim_number: number,
    claim_type: "Home",
    claim_text: text,
    decision: "deny",
    reasoning: "Gradual wear is excluded.",
    decided_at: "2024-05-01T00:00:00Z",
  };
}

/** A rule in force. */
export function article(
  title: string,
  content: string,
  more: Record<string, unknown>,
): Record<string, unknown> {
  return { title, content, category: "Coverage", is_active: true, ...more };
}
