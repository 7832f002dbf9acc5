import { afterAll, describe, expect, test } from "bun:test";
import { connectHttp } from "../../tests/clients.ts";
import {
  allFacts as all,
  firstFacts as first,
  goodCall as good,
  idsOf,
  refusals,
} from "../../tests/decisionCalls.ts";
import { internalToken, startClaimsStub } from "../../tests/decisionClaimsStub.ts";
import { runListening } from "../../tests/program.ts";
import { callTool, type ToolOutcome } from "../../tests/toolCalls.ts";

const command = [process.execPath, `${import.meta.dir}/server.ts`];
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
  await online[Symbol.asyncDispose]();
  await attached[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
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
