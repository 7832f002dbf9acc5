import { afterAll, describe, expect, test } from "bun:test";
import { connectStdio } from "../../tests/clients.ts";
import { testServerContract } from "../../tests/contract.ts";
import {
  allFacts as all,
  firstFacts as first,
  goodCall as good,
  idsOf,
  refusals,
} from "../../tests/decisionCalls.ts";
import { labelledClaims } from "../../tests/decisionClaims.ts";
import { callTool, type ToolOutcome } from "../../tests/toolCalls.ts";

const command = [process.execPath, `${import.meta.dir}/server.ts`];
const standalone = await connectStdio(command);
afterAll(() => standalone[Symbol.asyncDispose]());

testServerContract(command);

const { claim_id } = first.claim;

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
test.each<[object, string]>([
  [{ confidence: 95 }, "confidence is 95; expected at most 1"],
  [{ confidence: "0.9" }, "confidence is a text; expected a number"],
  [
    { decision: "rejected" },
    'decision is "rejected"; expected one of "approve", "deny", "manual_review"',
  ],
  [{ reasoning: " \n" }, "reasoning: must not be empty"],
  [
    { reasoning: undefined, claim_id: "" },
    "claim_id has 0 characters; expected at least 1; reasoning is missing; expected a text",
  ],
  [{ red_flags: ["x", 5] }, "red_flags[1] is a number; expected a text"],
  [{ run_id: "r".repeat(101) }, "run_id has 101 characters; expected at most 100"],
  [
    { red_flags: Array.from({ length: 20 }, () => null) },
    `${Array.from({ length: 8 }, (_, place) => `red_flags[${place}] is null; expected a text`).join("; ")}; and 12 more`,
  ],
  [{ recommendation: "approve" }, "Unknown argument: recommendation"],
  [
    { facts: { ...first, user: 7 } },
    `Cannot decide claim "${claim_id}": facts.user is a number; expected an object`,
  ],
])("%j is refused by its field, the value and what was expected", async (change, error) => {
  await using server = await connectStdio(command);
  const outcome = await callTool(server, "make_final_decision", {
    ...good,
    facts: first,
    ...change,
  });
  expect([outcome.isError, outcome.structuredContent]).toEqual([true, { success: false, error }]);
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
