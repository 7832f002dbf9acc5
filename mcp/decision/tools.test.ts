import { afterAll, describe, expect, test } from "bun:test";
import { connectHttp, connectStdio } from "../../tests/clients.ts";
import { testServerContract } from "../../tests/contract.ts";
import { labelledClaims } from "../../tests/decisionClaims.ts";
import { internalToken, startClaimsStub } from "../../tests/decisionClaimsStub.ts";
import { runListening } from "../../tests/program.ts";
import { callTool, type ToolOutcome } from "../../tests/toolCalls.ts";

const command = [process.execPath, `${import.meta.dir}/server.ts`];
const standalone = await connectStdio(command);
const all = labelledClaims.map(({ facts }) => facts);
const service = startClaimsStub(all);
// The token has no flag, because a command line can be read by everybody on the machine.
const attached = await runListening(
  [
    ...[...command, "--claims-api-base-url", service.url, "--claims-api-patience-seconds", "1"],
    ...["--transport", "http", "--port", "0"],
  ],
  { CLAIMS_API_TOKEN: internalToken },
);

const online = await connectHttp(`${attached.url}/mcp`);
afterAll(async () => {
  await standalone[Symbol.asyncDispose]();
  await online[Symbol.asyncDispose]();
  await attached[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

testServerContract(command);

const first = all[0];
if (first === undefined) throw new Error("the table of labelled claims is empty");
const { claim_id, user_id } = first.claim;
const good = {
  claim_id,
  user_id,
  decision: "approve",
  confidence: 0.9,
  reasoning: "All in order.",
};

const refusals: [string, object][] = [
  ["a decision in upper case", { decision: "APPROVE" }],
  ["a confidence of 95", { confidence: 95 }],
  ["a decision that is none", { decision: "rejected" }],
  ["a claim of another user", { user_id: "USR002" }],
  ["a confidence that is a text", { confidence: "0.9" }],
  ["a confidence that is a truth", { confidence: true }],
  ["a confidence below 0", { confidence: -0.1 }],
  ["no confidence", { confidence: undefined }],
  ["an empty reasoning", { reasoning: "" }],
  ["a blank reasoning", { reasoning: " \n\t\u200b" }],
  ["no reasoning", { reasoning: undefined }],
  ["a null decision", { decision: null }],
  ["an unknown argument", { verdict: "approve" }],
  ["a list that is a text", { red_flags: "none" }],
  ["a blank run", { run_id: "" }],
];

describe("without a claims service", () => {
  test.each(labelledClaims.map((claim) => [claim.number, claim] as const))(
    "%s is decided as labelled from the facts of the call",
    async (_, { facts, outcome, hits, payable }) => {
      const { claim } = facts;
      const args = { ...good, claim_id: claim.claim_id, user_id: claim.user_id, facts };
      const { isError, structuredContent } = await call(args);
      expect({
        isError,
        success: structuredContent.success,
        recommendation: structuredContent.recommendation,
        payable: structuredContent.payable_amount,
        hits: structuredContent.rule_hits.map(({ code }: { code: string }) => code),
      }).toEqual({
        isError: false,
        success: true,
        recommendation: outcome,
        payable,
        hits: [...hits],
      });
    },
  );

  test("answers with the whole decision", async () => {
    const { structuredContent, content } = await call({ ...good, facts: first, run_id: "run-a" });
    expect(JSON.parse(content[0]?.text ?? "")).toEqual(structuredContent);
    expect(structuredContent).toEqual({
      success: true,
      decision_id: expect.any(String),
      run_id: "run-a",
      claim_id,
      recommendation: "approve",
      proposed_decision: "approve",
      confidence: 0.9,
      reasoning: "All in order.",
      payable_amount: 720,
      currency: "USD",
      rule_hits: [],
      relevant_policies: [],
      red_flags: [],
      required_documentation: [],
      requires_manual_review: false,
    });
  });

  test("the first decision of a run counts, the same call gets it again, another is refused", async () => {
    const args = { ...good, facts: first, run_id: "run-b" };
    const one = await call(args);
    const same = await call(args);
    const other = await call({ ...args, decision: "deny" });
    expect(same.structuredContent).toEqual(one.structuredContent);
    expect([other.isError, other.structuredContent]).toEqual([
      true,
      {
        success: false,
        error: `Cannot decide claim "${claim_id}": run "run-b" has another decision already`,
        hint: "The first decision of a run counts. Do not call again.",
      },
    ]);
  });

  test.each(refusals)("refuses %s and stores nothing", async (name, change) => {
    const run_id = `run ${name}`;
    const bad = await call({ ...good, facts: first, run_id, ...change });
    const after = await call({ ...good, facts: first, run_id, decision: "manual_review" });
    expect([bad.isError, after.isError, after.structuredContent.recommendation]).toEqual([
      true,
      false,
      "manual_review",
    ]);
    expect([bad.structuredContent.success, typeof bad.structuredContent.error]).toEqual([
      false,
      "string",
    ]);
    expect(JSON.parse(bad.content[0]?.text ?? "")).toEqual(bad.structuredContent);
  });

  test.each<[string, unknown, string]>([
    ["no facts", undefined, "no claims service is set and the call brings no facts"],
    ["the facts of another claim", all[1], "the facts are those of claim"],
    ["facts of another shape", { claim: { claim_id } }, "facts.claim.claim_number"],
    ["facts that are a text", "none", "facts"],
  ])("says what is wrong with %s", async (_, facts, part) => {
    const { isError, content } = await call({ ...good, facts });
    expect({ isError, names: content[0]?.text.includes(part) }).toEqual({
      isError: true,
      names: true,
    });
  });

  test("masks personal data in the answer", async () => {
    const facts = all[8];
    const { claim } = facts ?? first;
    const { structuredContent } = await call({ ...good, ...idsOf(claim), facts });
    expect(structuredContent.rule_hits).toEqual([
      {
        code: "CLAIMANT_MISMATCH",
        kind: "doubt",
        message: "The name on the document is not the claimant's",
        evidence: {
          document_name: "[PERSON_NAME_1]",
          user_name: "[PERSON_NAME_2]",
          field: "patient",
          page: 1,
        },
        source: "document",
      },
    ]);
  });

  function call(args: object): Promise<ToolOutcome> {
    return callTool(standalone, "make_final_decision", args);
  }
});

describe("with a claims service", () => {
  test("takes the facts from it and records the decision there, unmasked", async () => {
    const facts = all[8] ?? first;
    const { structuredContent } = await call({ ...good, ...idsOf(facts.claim) });
    const stored = service.rows.get(`run-${facts.claim.claim_id}`);
    expect(stored).toMatchObject({
      user_id: facts.claim.user_id,
      call_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      recommendation: "manual_review",
      rule_hits: [{ evidence: { document_name: "Kenji Watanabe", user_name: "Ayumi Tanaka" } }],
    });
    expect([structuredContent.decision_id, structuredContent.recommendation]).toEqual([
      `decision-run-${facts.claim.claim_id}`,
      "manual_review",
    ]);
  });

  test.each([
    ...refusals,
    ["facts of its own", { facts: first }],
    ["an unknown claim", { claim_id: "x" }],
  ] as const)("refuses %s and records nothing", async (_, change) => {
    const before = service.rows.size;
    const { isError } = await call({ ...good, ...change });
    expect([isError, service.rows.size]).toEqual([true, before]);
  });

  test("hands on that a run is decided already", async () => {
    await call(good);
    const { structuredContent } = await call({ ...good, reasoning: "Another one." });
    expect(structuredContent).toEqual({
      success: false,
      error: "Cannot decide the claim: The run has another decision already",
      hint: "The first decision of a run counts. Do not call again.",
    });
  });

  test.each<[string, { status: number; body: unknown }, string]>([
    [
      "refuses the token",
      { status: 401, body: { detail: "Not authenticated" } },
      "Not authenticated",
    ],
    ["fails", { status: 500, body: { detail: "Internal server error" } }, "Internal server error"],
    ["is away", { status: 503, body: "gone" }, "gone"],
    ["answers with something else", { status: 200, body: { hello: 1 } }, "answers without facts"],
  ])("a service that %s leaves the call failed with the reason", async (_, fault, reason) => {
    service.fault = fault;
    const { isError, structuredContent } = await call(good);
    service.fault = undefined;
    expect([isError, structuredContent.success, structuredContent.error]).toEqual([
      true,
      false,
      expect.stringContaining(reason),
    ]);
  });

  test("waits for a service that is away for a moment, and says that it may be asked again", async () => {
    const args = { ...good, ...idsOf((all[1] ?? first).claim) };
    service.fault = { status: 503, body: { detail: "Service unavailable" } };
    const refused = await call(args);
    const waiting = call(args);
    await service.refused(2);
    service.fault = undefined;
    expect([refused.structuredContent, (await waiting).structuredContent.success]).toEqual([
      {
        success: false,
        error: "Cannot decide the claim: Service unavailable",
        retryable: true,
        hint: "The service is not available now. Try again in a few seconds; do not change the arguments.",
      },
      true,
    ]);
  });

  function call(args: object): Promise<ToolOutcome> {
    return callTool(online, "make_final_decision", args);
  }
});

test("with --require-run-id a call without run is refused", async () => {
  await using strict = await connectStdio([...command, "--require-run-id"]);
  const { isError, structuredContent } = await callTool(strict, "make_final_decision", {
    ...good,
    facts: first,
  });
  expect([isError, structuredContent.error]).toEqual([
    true,
    `Cannot decide claim "${claim_id}": run_id is missing`,
  ]);
});

function idsOf(claim: { claim_id: string; user_id: string }): object {
  return { claim_id: claim.claim_id, user_id: claim.user_id };
}
