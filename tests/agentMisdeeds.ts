import type { Given, Move, Script } from "./agentStack.ts";
import { labelledClaims } from "./decisionClaims.ts";

/** A call that proposes an approval of the claim that was given, with that change. */
export const approval = (given: Given, change: object = {}): Move => {
  const { claim_id, user_id, run_id } = given;
  const ids = { claim_id, user_id, run_id };
  const usual = { decision: "approve", confidence: 0.9, reasoning: "All in order." };
  return { call: "make_final_decision", args: { ...ids, ...usual, ...change } };
};

const other = labelledClaims[1]?.facts.claim;
const none = "NO_DECISION_RECORDED";
const strangers = { claim_id: other?.claim_id, user_id: other?.user_id };

/** What a model did, the reason that is told for it, and a part of the message. */
export const misdeeds: [string, Script, string, string][] = [
  ["says nothing at all", () => [], none, "without a valid call"],
  [
    "approves in prose",
    () => [{ say: "Approved! decision: approve, confidence 1.0" }],
    none,
    "without a valid call",
  ],
  [
    "approves in French",
    () => [{ say: "La demande est approuvée." }],
    none,
    "without a valid call",
  ],
  [
    "writes a tool's answer itself",
    () => [{ say: '{"success":true,"recommendation":"approve"}' }],
    none,
    "without a valid call",
  ],
  [
    "names another claim",
    (given) => [approval(given, { claim_id: strangers.claim_id })],
    none,
    "not the claim of this run",
  ],
  [
    "names another user",
    (given) => [approval(given, { user_id: "USR999" })],
    none,
    "not the claimant of this claim",
  ],
  [
    "decides another claim with its own user",
    (given) => [approval(given, { ...strangers, run_id: null })],
    none,
    "not the claim of this run",
  ],
  [
    "guesses the run of another claim",
    (given) => [approval(given, { ...strangers, run_id: "run-1" })],
    none,
    "not the claim of this run",
  ],
  ["makes up a run", (given) => [approval(given, { run_id: "run-x" })], none, "not this run"],
  ["gives no run", (given) => [approval(given, { run_id: undefined })], none, "was refused"],
  ["shouts", (given) => [approval(given, { decision: "APPROVE" })], none, 'decision "APPROVE"'],
  ["is 95 sure", (given) => [approval(given, { confidence: 95 })], none, "confidence 95"],
  [
    "is sure in words",
    (given) => [approval(given, { confidence: "0.9" })],
    none,
    'confidence "0.9"',
  ],
  ["is truly sure", (given) => [approval(given, { confidence: true })], none, "confidence true"],
  [
    "says rejected",
    (given) => [approval(given, { decision: "rejected" })],
    none,
    'decision "rejected"',
  ],
  [
    "gives no reasoning",
    (given) => [approval(given, { reasoning: " " })],
    none,
    "reasoning: it is empty",
  ],
  [
    "brings facts of its own",
    (given) => [approval(given, { facts: { claim: {} } })],
    none,
    "was refused",
  ],
  ["invents an argument", (given) => [approval(given, { force: true })], none, "was refused"],
  [
    "calls a tool that is none",
    () => [{ call: "approve_claim", args: {} }],
    none,
    'called "approve_claim"',
  ],
  [
    "sends arguments that are no JSON",
    () => [{ call: "make_final_decision", args: "approve" }],
    "AGENT_STREAM_BROKEN",
    "broke off",
  ],
  ["never stops calling", endlessCalls, "STEP_LIMIT_REACHED", "did not come to an end"],
  ["never stops talking", endlessWords, "STEP_LIMIT_REACHED", "did not come to an end"],
  [
    "dies in the middle",
    (given) => [approvalStart(given), { end: "cut" }],
    "AGENT_STREAM_BROKEN",
    "broke off",
  ],
  ["hangs up without a word", () => [{ end: "closed" }], "AGENT_STREAM_BROKEN", "broke off"],
  ["falls silent", () => [{ end: "silent" }], "AGENT_TIMEOUT", "did not end in time"],
  [
    "fails",
    () => [
      { events: [{ type: "response.failed", response: { error: { message: "out of memory" } } }] },
      { end: "closed" },
    ],
    "AGENT_UNAVAILABLE",
    "out of memory",
  ],
  [
    "fails at length, with a claimant's address in it",
    () => [
      {
        events: [
          {
            type: "response.failed",
            response: { error: { message: `no reply to nora@example.com ${"x".repeat(9_000)}` } },
          },
        ],
      },
      { end: "closed" },
    ],
    "AGENT_UNAVAILABLE",
    "Llama Stack failed: no reply to [EMAIL_1] x",
  ],
  [
    "fails for a reason that is no text",
    () => [{ events: [{ type: "error", message: { code: 1 } }] }, { end: "closed" }],
    "AGENT_UNAVAILABLE",
    "Llama Stack failed: it gives no reason",
  ],
  [
    "runs out of tokens",
    () => [
      {
        events: [
          {
            type: "response.incomplete",
            response: { incomplete_details: { reason: "max_output_tokens" } },
          },
        ],
      },
      { end: "closed" },
    ],
    "STEP_LIMIT_REACHED",
    "max_output_tokens",
  ],
  [
    "sends events that nobody knows",
    () => [{ events: strangeEvents }],
    none,
    "without a valid call",
  ],
  [
    "lets a call end without a result",
    (given) => [approvalStart(given)],
    none,
    "without a valid call",
  ],
  [
    "has a call answered for another run",
    (given) => [{ events: [foreignAnswer(given)] }],
    none,
    "another claim or run",
  ],
];

function* endlessCalls({ user_id }: Given): Generator<Move> {
  for (;;) yield { call: "retrieve_user_info", args: { user_id } };
}

async function* endlessWords(): AsyncGenerator<Move> {
  for (;;) {
    yield { events: [{ type: "response.output_text.delta", delta: "approve ".repeat(1_000) }] };
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A denial, and then words without end. */
export async function* afterwards(given: Given): AsyncGenerator<Move> {
  yield approval(given, { decision: "deny" });
  yield* endlessWords();
}

function approvalStart({ claim_id, user_id, run_id }: Given): Move {
  const args = { claim_id, user_id, run_id, decision: "approve", confidence: 1, reasoning: "Yes" };
  const item = {
    id: "i",
    type: "mcp_call",
    name: "make_final_decision",
    arguments: JSON.stringify(args),
  };
  return { events: [{ type: "response.output_item.added", item }] };
}

function foreignAnswer({ claim_id, user_id, run_id }: Given): Record<string, unknown> {
  const args = { claim_id, user_id, run_id, decision: "approve", confidence: 1, reasoning: "Yes" };
  const output = JSON.stringify({
    success: true,
    claim_id,
    run_id: "run-other",
    recommendation: "approve",
  });
  const item = {
    id: "i",
    type: "mcp_call",
    name: "make_final_decision",
    arguments: JSON.stringify(args),
    output,
  };
  return { type: "response.output_item.done", item };
}

const strangeEvents: readonly Record<string, unknown>[] = [
  { type: "response.unheard_of" },
  { type: "response.output_item.done" },
  { type: "response.output_item.done", item: null },
  { type: "response.output_item.done", item: { type: "mcp_call" } },
  { type: "response.output_item.done", item: { type: "message", content: 5 } },
  { type: "response.mcp_call.arguments.delta" },
  { type: "response.output_item.added", item: { type: "mcp_call", name: "make_final_decision" } },
];
