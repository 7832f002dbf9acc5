import { afterAll, beforeAll, expect, test } from "bun:test";
import { openTestClaims, type TestClaims } from "../../../tests/claims.ts";
import type { Agent, AgentEvent, StepOutput } from "../../agent/port.ts";

/** What models and tools have been seen to write: a NUL, halves of surrogate pairs, and lists in lists without end. */
const strange = "a\0b \ud800 c";
const deep: unknown = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
const output: StepOutput = { success: false, [strange]: strange, list: [strange], deep };

async function* perform(): AsyncGenerator<AgentEvent> {
  const step = { stepId: strange, stepName: "retrieve_user_info", agentName: "rag-agent" } as const;
  const startedAt = new Date().toISOString();
  yield { type: "step.started", ...step, arguments: output, startedAt };
  const end = { durationMs: 1, completedAt: startedAt };
  yield { type: "step.failed", ...step, output, error: strange, ...end };
  yield { type: "note", text: strange };
  const reason = "NO_DECISION_RECORDED";
  yield {
    type: "ended",
    state: "undecided",
    reason,
    message: strange,
    llmModel: "m",
    note: strange,
  };
}

const agent: Agent = {
  name: "llama-stack",
  run: perform,
  read: async () => output,
  answer: async () => strange,
  close: async () => undefined,
};

let claims: TestClaims;
beforeAll(async () => {
  claims = await openTestClaims({}, () => agent);
}, 60_000);
afterAll(() => claims.close());

test("a run whose model and tools write what no database keeps ends at once, for a person, with the reason", async () => {
  const path = `/api/v1/claims/${await claims.claimId("0001")}`;
  const { json: processed } = await claims.send("POST", `${path}/process?wait=true`);
  const { json: run } = await claims.send("GET", `${path}/runs/${processed.run_id}`);
  const kept = "a\u{FFFD}b \u{FFFD} c";
  const [step] = run.steps;
  expect({
    status: processed.status,
    attempt: run.attempt,
    note: run.note,
    reasons: run.decision.rule_hits.map(({ message }: { message: string }) => message),
    step: [step.error_message, step.output_data[kept], step.output_data.list],
    deep: JSON.stringify(step.output_data.deep).length < 500,
  }).toEqual({
    status: "manual_review",
    attempt: 1,
    note: kept,
    reasons: [kept],
    step: [kept, kept, [kept]],
    deep: true,
  });
});
