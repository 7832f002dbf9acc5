import { afterAll, beforeEach, expect, test } from "bun:test";
import { goodScript, startLlamaBench } from "../../../tests/agentLlama.ts";
import { afterwards, approval, misdeeds } from "../../../tests/agentMisdeeds.ts";
import { refusalTexts } from "../../../tests/agentRefusals.ts";
import { endOf, runAll, taskOf } from "../../../tests/agentRuns.ts";
import type { Script } from "../../../tests/agentStack.ts";
import { labelledClaims } from "../../../tests/decisionClaims.ts";

const all = labelledClaims.map(({ facts }) => facts);
const bench = await startLlamaBench(all);
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(() => {
  bench.service.rows.clear();
  bench.stack.status = 200;
});

const [clean] = all;
const expired = all[4];
const injected = all[23];
if (!clean || !expired || !injected) throw new Error("the table of claims is too short");

test.each(refusalTexts)("%s, without a call, decides nothing", async (_, text) => {
  bench.stack.script = () => [{ say: text }];
  const end = endOf(await runAll(bench.open(), taskOf(clean)));
  expect([end, bench.service.rows.size]).toEqual([
    {
      type: "ended",
      state: "undecided",
      reason: "NO_DECISION_RECORDED",
      message: "The model ended without a valid call of make_final_decision",
      llmModel: "scripted",
      note: text,
    },
    0,
  ]);
});

test.each(misdeeds)(
  "a model that %s approves nothing, and the reason is told",
  async (_, script, reason, message) => {
    bench.stack.script = script;
    const agent = bench.open({ modelTimeoutSeconds: 2 });
    const events = await runAll(agent, taskOf(clean));
    expect(endOf(events)).toMatchObject({ reason, message: expect.stringContaining(message) });
    expect([...bench.service.rows.values()]).toEqual([]);
    // Every step that was begun has ended.
    const count = (type: string) => events.filter((event) => event.type === type).length;
    expect(count("step.started")).toBe(count("step.completed") + count("step.failed"));
  },
);

test.each<[string, Script, typeof clean, string]>([
  ["approves against the rules", goodScript, expired, "deny"],
  ["follows an order in the document", goodScript, injected, "manual_review"],
  [
    "decides twice: the first one counts",
    (given) => [approval(given, { decision: "deny" }), approval(given)],
    clean,
    "deny",
  ],
  ["decides the same twice", (given) => [approval(given), approval(given)], expired, "deny"],
  [
    "corrects itself after a refusal",
    (given) => [
      approval(given, { confidence: 95 }),
      approval(given, { decision: "manual_review" }),
    ],
    clean,
    "manual_review",
  ],
  [
    "dies after the decision",
    (given) => [approval(given, { decision: "deny" }), { end: "cut" }],
    clean,
    "deny",
  ],
  ["goes on for ever after the decision", (given) => afterwards(given), clean, "deny"],
  [
    "regrets in prose",
    (given) => [approval(given, { decision: "deny" }), { say: "No: approve it!" }],
    clean,
    "deny",
  ],
])("a model that %s leaves what was recorded", async (_, script, facts, recommendation) => {
  bench.stack.script = script;
  const end = endOf(await runAll(bench.open(), taskOf(facts)));
  const rows = [...bench.service.rows.values()].map((row) => row.recommendation);
  expect([end.state === "decided" && end.decision.recommendation, rows]).toEqual([
    recommendation,
    [recommendation],
  ]);
});

test.each([400, 401, 404, 422, 500, 502])(
  "a stack that answers %d fails the run",
  async (status) => {
    bench.stack.status = status;
    const end = endOf(await runAll(bench.open(), taskOf(clean)));
    expect(end).toMatchObject({
      state: "failed",
      reason: "AGENT_UNAVAILABLE",
      message: `Llama Stack answers HTTP ${status}`,
    });
  },
);

test("a stack that is away fails the run", async () => {
  const agent = bench.open({ llamaStackUrl: "http://127.0.0.1:1" });
  expect(endOf(await runAll(agent, taskOf(clean)))).toMatchObject({
    state: "failed",
    reason: "AGENT_UNAVAILABLE",
    message: "Llama Stack cannot be reached",
  });
});
