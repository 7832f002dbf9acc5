import { afterAll, describe, expect, test } from "bun:test";
import { startReadingServer } from "../../tests/agentTools.ts";
import { internalToken, openTestClaims } from "../../tests/claims.ts";
import { labelledClaims } from "../../tests/decisionClaims.ts";
import { runListening, type TestProgram } from "../../tests/program.ts";
import type { Agent } from "./port.ts";
import { openToolServer } from "./toolServer.ts";
import { openWorkflow } from "./workflow.ts";

const reading = startReadingServer(labelledClaims.map(({ facts }) => facts));
let decisionUrl = "";
const open = (label: string, url: string) =>
  openToolServer({ label, url, token: undefined, callLimitMs: 20_000 });

/** The decision server needs the service's address and the service its agent, so the agent is opened at its first run. */
function lateWorkflow(): Agent {
  let agent: Agent | undefined;
  const opened = () => {
    const ocr = open("ocr-server", reading.url);
    const rag = open("rag-server", reading.url);
    const decision = open("decision-server", `${decisionUrl}/mcp`);
    agent ??= openWorkflow({ tools: { ocr, rag, decision }, ocrLanguage: "auto" });
    return agent;
  };
  return {
    name: "workflow",
    run: (task, context) => opened().run(task, context),
    answer: (question, context) => opened().answer(question, context),
    close: async () => agent?.close(),
  };
}

const agent = lateWorkflow();
const service = await openTestClaims({}, () => agent);
const decisionServer: TestProgram = await runListening(
  [
    ...[process.execPath, "mcp/decision/server.ts", "--claims-api-base-url", service.url],
    ...["--transport", "http", "--port", "0", "--require-run-id"],
  ],
  { CLAIMS_API_TOKEN: internalToken },
);
decisionUrl = decisionServer.url;
afterAll(async () => {
  await agent.close();
  await decisionServer[Symbol.asyncDispose]();
  await reading[Symbol.asyncDispose]();
  await service.close();
});

describe("the claims service, the workflow and the decision server together", () => {
  test.each(labelledClaims.map((claim) => [claim.number, claim] as const))(
    "%s is decided as labelled",
    async (number, { outcome, payable, hits }) => {
      const id = await service.claimId(number);
      const path = `/api/v1/claims/${id}`;
      const { json: processed } = await service.send("POST", `${path}/process?wait=true`, {
        body: {},
      });
      const { json: decision } = await service.send("GET", `${path}/decision`);
      expect({
        status: processed.status,
        outcome: processed.outcome,
        initial: decision.initial_decision,
        payable: decision.payable_amount,
        hits: decision.rule_hits.map(({ code }: { code: string }) => code),
      }).toEqual({
        status: outcome === "manual_review" ? "manual_review" : "completed",
        outcome: outcome === "manual_review" ? null : outcome,
        initial: outcome,
        payable,
        hits: [...hits],
      });
    },
  );
});
