import * as z from "zod";
import { findProblems, type ProblemNames } from "../../src/core/problems.ts";
import { type Desk, refusal } from "./desk.ts";
import { Facts } from "./facts.ts";
import type { DecisionRecord, RecordedDecision } from "./record.ts";

/** The most decisions that are remembered; the oldest is forgotten first. */
const memoryLimitCount = 1_000;

/** A desk without a claims service: facts come with the call, and decisions are remembered while the process lives. */
export function openLocalDesk(): Desk {
  const decisions = new Map<string, { callHash: string; row: RecordedDecision }>();
  return {
    getFacts: async ({ claimId, given }) => readGiven(given, claimId),
    record: async (claimId, decision) => {
      const runId = decision.run_id ?? crypto.randomUUID();
      const stored = decisions.get(runId);
      if (stored !== undefined) return repeat(stored, claimId, decision);
      const row = rowOf(claimId, runId, decision);
      const [oldest] = decisions.keys();
      if (oldest !== undefined && decisions.size >= memoryLimitCount) decisions.delete(oldest);
      decisions.set(runId, { callHash: decision.call_hash, row });
      return row;
    },
    isReady: async () => true,
  };
}

const names: ProblemNames = {
  whole: "the value of arguments",
  unknown: (path) => `${path} is no known fact`,
};

function readGiven(given: unknown, claimId: string): Facts {
  if (given === undefined) {
    throw refusal(
      "invalid_input",
      `Cannot decide claim "${claimId}": no claims service is set and the call brings no facts`,
      "Give the claim's facts in facts, or start the server with CLAIMS_API_BASE_URL.",
    );
  }
  const checked = findProblems(z.object({ facts: Facts }), { facts: given }, names);
  if ("problems" in checked) {
    throw refusal(
      "invalid_input",
      `Cannot decide claim "${claimId}": ${checked.problems.join("; ")}`,
    );
  }
  const { facts } = checked.value;
  if (facts.claim.claim_id === claimId) return facts;
  throw refusal(
    "invalid_input",
    `Cannot decide claim "${claimId}": the facts are those of claim "${facts.claim.claim_id}"`,
  );
}

function repeat(
  stored: { callHash: string; row: RecordedDecision },
  claimId: string,
  { call_hash }: DecisionRecord,
): RecordedDecision {
  if (stored.callHash === call_hash) return stored.row;
  throw refusal(
    "conflict",
    `Cannot decide claim "${claimId}": run "${stored.row.run_id}" has another decision already`,
    "The first decision of a run counts. Do not call again.",
  );
}

function rowOf(claimId: string, runId: string, decision: DecisionRecord): RecordedDecision {
  const { user_id: _, call_hash: __, estimated_coverage_amount: ___, ...row } = decision;
  return { ...row, decision_id: crypto.randomUUID(), run_id: runId, claim_id: claimId };
}
