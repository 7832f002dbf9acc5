import type * as z from "zod";
import type * as Claims from "../../services/claims/claim-schema.ts";
import type * as Reviews from "../../services/claims/review/review-schema.ts";
import type * as Runs from "../../services/claims/runs/run-schema.ts";
import { call } from "../ui/api.ts";

export type Claim = z.output<typeof Claims.Claim>;
export type ClaimPage = z.output<typeof Claims.ClaimPage>;
export type Statistics = z.output<typeof Claims.Statistics>;
export type Decision = z.output<typeof Runs.Decision>;
export type RuleHit = z.output<typeof Runs.RuleHit>;
export type RunList = z.output<typeof Runs.RunList>;
export type Run = z.output<typeof Runs.Run>;
export type RunSummary = z.output<typeof Runs.RunSummary>;
export type Guardrails = z.output<typeof Runs.Guardrails>;
export type ActiveSessions = z.output<typeof Reviews.ActiveSessions>;
export type Message = z.output<typeof Reviews.Message>;
export type Messages = z.output<typeof Reviews.Messages>;

/** Where the service's endpoints are, relative to the page. */
export const api: string = document.documentElement.dataset.api ?? "api/v1";

/** The address of something of a claim. */
export function claimPath(claimId: string, rest = ""): string {
  return `${api}/claims/${encodeURIComponent(claimId)}${rest}`;
}

/** Like `call`, and undefined for what is not there. */
export async function findAt<Answer>(
  path: string,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  return call<Answer>(path, { signal }).catch((error: unknown) => {
    if (Object(error).status === 404) return undefined;
    throw error;
  });
}
