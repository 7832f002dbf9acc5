import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { startLlamaBench } from "../../../tests/agentLlama.ts";
import { approval } from "../../../tests/agentMisdeeds.ts";
import { endOf, runAll, taskOf } from "../../../tests/agentRuns.ts";
import { labelledClaims } from "../../../tests/decisionClaims.ts";
import type { ReviewQuestion } from "../port.ts";

const all = labelledClaims.map(({ facts }) => facts);
const bench = await startLlamaBench(all);
const { stack, service } = bench;
const agent = bench.open();
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(() => bench.reset());

const first = all[0];
const injected = all[23];
if (!first || !injected) throw new Error("the table of labelled claims is empty");

describe("with approvals", () => {
  const strict = bench.open({ isWriteApproved: true });

  test.each([
    ["0.6.0", "always"],
    ["0.7.1", { always: ["make_final_decision"] }],
  ])(
    "version %s is asked to wait in its own form, and goes on when told",
    async (version, form) => {
      stack.version = version;
      const asked: unknown[] = [];
      const approve = async (request: unknown) => asked.push(request) > 0;
      const strict = bench.open({ isWriteApproved: true });
      const end = endOf(await runAll(strict, taskOf(first), { approve }));
      expect(stack.requests[0]?.tools.map((tool) => tool.require_approval)).toEqual([
        "never",
        form,
      ]);
      expect([end.state, stack.requests.length, asked]).toEqual([
        "decided",
        2,
        [
          {
            stepName: "make_final_decision",
            arguments: expect.objectContaining({ decision: "approve" }),
          },
        ],
      ]);
    },
  );

  test.each<[string, { approve?: () => Promise<boolean> }]>([
    ["denied", { approve: async () => false }],
    ["without anybody to ask", {}],
  ])("%s the run ends without a decision, and without a message", async (_, context) => {
    const end = endOf(await runAll(strict, taskOf(first), context));
    expect([end.state, end.state === "undecided" && end.reason, service.rows.size]).toEqual([
      "undecided",
      "NO_DECISION_RECORDED",
      0,
    ]);
  });

  test("a decision for another claim is denied without asking", async () => {
    stack.script = ({ user_id, run_id }) => [
      {
        call: "make_final_decision",
        args: {
          claim_id: "x",
          user_id,
          run_id,
          decision: "approve",
          confidence: 1,
          reasoning: "Yes",
        },
      },
    ];
    const approve = () => Promise.reject(new Error("nobody may be asked"));
    const end = endOf(await runAll(strict, taskOf(first), { approve }));
    expect([end.state, service.rows.size]).toEqual(["undecided", 0]);
  });

  test("a refused call is told to the model, which may correct itself", async () => {
    stack.script = (given) => {
      const isTold = JSON.stringify(given.request.input).includes("Not called");
      const isGoingOn = given.request.previous_response_id !== undefined;
      return [approval(given, isTold || isGoingOn ? {} : { confidence: 95 })];
    };
    const end = endOf(await runAll(strict, taskOf(first), { approve: async () => true }));
    expect([end.state, stack.requests.length]).toEqual(["decided", 3]);
    // A refused approval would end every later call of the chain in silence.
    expect(JSON.stringify(stack.requests)).not.toContain('"approve":false');
    expect(stack.requests[1]?.input.at(-1)).toEqual({
      role: "user",
      content:
        "Not called. make_final_decision: confidence 95: expected a number from 0 to 1. " +
        "Correct the arguments, or propose manual_review.",
    });
  });

  test("a call that nobody approves is the reason that is told", async () => {
    const end = endOf(await runAll(strict, taskOf(first), { approve: async () => false }));
    expect(end).toMatchObject({
      message:
        "The model ended without a valid call of make_final_decision: " +
        "refused before it was called: make_final_decision: it was not approved",
    });
  });
});

describe("with a shield", () => {
  const shielded = { isShielded: true, shieldId: "pii" };

  test("the masked text is shown to it", async () => {
    const end = endOf(await runAll(bench.open(shielded), taskOf(first)));
    expect(end.state).toBe("decided");
    expect(JSON.stringify(stack.shielded)).toContain("[PERSON_NAME_1]");
  });

  test("a violation sends the claim to a person before the model is asked", async () => {
    stack.shield = "violation";
    const end = endOf(await runAll(bench.open(shielded), taskOf(first)));
    expect([end.state === "undecided" && end.reason, stack.requests.length]).toEqual([
      "SHIELD_BLOCKED",
      0,
    ]);
  });

  test.each([
    [true, "undecided"],
    [false, "decided"],
  ])("one that does not answer, fail-closed %p, leads to %s", async (isShieldFailClosed, state) => {
    stack.shield = "unavailable";
    const end = endOf(await runAll(bench.open({ ...shielded, isShieldFailClosed }), taskOf(first)));
    expect<string>(end.state).toBe(state);
  });

  test("skipped guardrails skip the shield, never the masking", async () => {
    const task = taskOf(first);
    const options = { ...task.options, skipGuardrails: true };
    await runAll(bench.open(shielded), { ...task, options });
    expect([stack.shielded, JSON.stringify(stack.requests).includes("Whitfield")]).toEqual([
      [],
      false,
    ]);
  });
});

describe("a reviewer's question", () => {
  const question: ReviewQuestion = {
    claimId: first.claim.claim_id,
    userId: first.claim.user_id,
    userName: "Nora Whitfield",
    question: "Why did Nora Whitfield's claim stop?",
    context: {
      documentText: "Patient: Nora Whitfield",
      documentFields: { patient: { value: "Nora Whitfield" } },
      contracts: [{ contract_number: "CNT-2025-0001" }],
      decision: { initial_decision: "manual_review", rule_hits: [] },
      steps: [],
      earlier: [{ question: "Who is Nora Whitfield?", answer: "The claimant." }],
    },
  };
  const ask = () => agent.answer(question, { signal: new AbortController().signal });

  test("is answered from the masked record, with tools that only read", async () => {
    stack.script = () => [{ say: "Because it is high." }];
    expect(await ask()).toBe("Because it is high.");
    const [request] = stack.requests;
    expect([
      JSON.stringify(request).includes("Whitfield"),
      request?.tools.map((tool) => tool.server_label),
    ]).toEqual([false, ["rag-server"]]);
  });

  test("that the model does not answer is a fault that can be told", async () => {
    stack.script = () => [{ end: "closed" }];
    expect(ask()).rejects.toMatchObject({ fault: "unavailable", name: "AppError" });
  });
});

test("a cancelled run ends as such, in the middle of the model's answer", async () => {
  stack.script = () => [{ end: "silent" }];
  const controller = new AbortController();
  const run = agent.run(taskOf(injected), { signal: controller.signal });
  const types: string[] = [];
  for await (const event of run) {
    types.push(event.type === "ended" ? `ended ${event.state}` : event.type);
    // The document has been read; the next thing is the model's silence.
    if (event.type === "step.completed") setTimeout(() => controller.abort(), 100);
  }
  expect(types.at(-1)).toBe("ended failed");
});
