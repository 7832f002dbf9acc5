import type * as z from "zod";
import { AppError } from "../../src/core/fault.ts";
import { findProblems } from "../../src/core/problems.ts";
import { pathSegment, type Upstream } from "../../src/core/upstream.ts";
import { callRest, type RestCall } from "../../src/kit/rest.ts";
import type { ToolCall } from "../../src/kit/tool.ts";
import { type Desk, refusal } from "./desk.ts";
import { Facts } from "./facts.ts";
import { RecordedDecision } from "./record.ts";

/** How long readiness waits for the claims service, in milliseconds; below a probe's usual 1 s. */
const readyLimitMs = 900;

/** How long before the first further attempt, and before any, in milliseconds; doubled each time. */
const firstRetryMs = 100;
const retryLimitMs = 1_000;

/**
 * A desk at the claims service: docs/claims-internal.md is the contract. A service that is away is asked again for
 * `patienceMs`: whatever is asked of it may be asked twice.
 */
export function openServiceDesk(claims: Upstream, patienceMs: number): Desk {
  const endpoint = (claimId: string, leaf: string) =>
    `/api/v1/internal/claims/${pathSegment("claim_id", claimId)}/${leaf}`;
  const ask = (request: RestCall, call: ToolCall) =>
    askPatiently(() => askOnce(claims, request, call), patienceMs, call.signal);
  return {
    getFacts: async ({ claimId, runId, given }, call) => {
      if (given !== undefined) {
        throw refusal(
          "invalid_input",
          `Cannot decide claim "${claimId}": facts come from the claims service only`,
          "Call again without facts.",
        );
      }
      const query = { run_id: runId ?? undefined };
      const path = endpoint(claimId, "facts");
      const answer = await ask({ method: "GET", path, query }, call);
      return parse(Facts, answer, "facts");
    },
    record: async (claimId, decision, call) => {
      const path = endpoint(claimId, "decisions");
      const answer = await ask({ method: "POST", path, body: decision }, call);
      return parse(RecordedDecision, answer, "a recorded decision");
    },
    isReady: () => claims.isReady("/health/ready", readyLimitMs),
  };
}

async function askPatiently(
  ask: () => Promise<unknown>,
  patienceMs: number,
  signal: AbortSignal,
): Promise<unknown> {
  const deadline = performance.now() + patienceMs;
  for (let delayMs = firstRetryMs; ; delayMs = Math.min(delayMs * 2, retryLimitMs)) {
    try {
      return await ask();
    } catch (error) {
      const isAway = error instanceof AppError && error.fault === "unavailable";
      if (!isAway || signal.aborted || performance.now() + delayMs > deadline) throw error;
    }
    await Bun.sleep(delayMs);
  }
}

function askOnce(claims: Upstream, request: RestCall, call: ToolCall): Promise<unknown> {
  return callRest(claims, request, call).then(
    ({ result }) => result,
    (error: unknown) => {
      throw error instanceof AppError ? inOurWords(error) : error;
    },
  );
}

/** The service says why in `detail`; without an answer the client's own words say it. */
function inOurWords(error: AppError): AppError {
  // callRest puts the service's body under `detail` of its own detail.
  const failure: { detail?: unknown; error?: unknown } = Object(error.detail);
  const said: unknown = Object(failure.detail).detail ?? failure.detail;
  const reason = wordsOf(said) ?? `${failure.error ?? error.message}`;
  const hint =
    error.fault === "conflict"
      ? "The first decision of a run counts. Do not call again."
      : error.hint;
  return refusal(error.fault, `Cannot decide the claim: ${reason}`, hint);
}

/** A refused request's detail is a text or a list of what is wrong with which part. */
function wordsOf(detail: unknown): string | undefined {
  if (typeof detail === "string") return detail;
  if (!Array.isArray(detail) || detail.length === 0) return undefined;
  return detail
    .map((one: { loc?: unknown; msg?: unknown } | null) => {
      const place = Array.isArray(one?.loc) ? one.loc.slice(1).join(".") : "";
      return [place, one?.msg].filter(Boolean).join(": ");
    })
    .join("; ");
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  what: string,
): z.output<Schema> {
  const checked = findProblems(schema, answer, {
    whole: "the answer",
    unknown: (path) => `${path} is not expected`,
  });
  if ("value" in checked) return checked.value;
  throw refusal(
    "upstream_invalid",
    `Cannot decide the claim: the claims service answers without ${what} (${checked.problems.join("; ")})`,
  );
}
