/** The states of a claim. */
export const statuses = [
  "pending",
  "processing",
  "completed",
  "failed",
  "manual_review",
  "pending_info",
] as const;
export type Status = (typeof statuses)[number];

export const outcomes = ["approve", "deny"] as const;
export type Outcome = (typeof outcomes)[number];

export const decisions = ["approve", "deny", "manual_review"] as const;
