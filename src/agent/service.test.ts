import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { goodScript, llamaOptions } from "../../tests/agentLlama.ts";
import { startScriptedStack } from "../../tests/agentStack.ts";
import { startReadingServer } from "../../tests/agentTools.ts";
import { internalToken, openTestClaims } from "../../tests/claims.ts";
import { labelledClaims } from "../../tests/decisionClaims.ts";
import { runListening, type TestProgram } from "../../tests/program.ts";
import { openLlamaStack } from "./llama/agent.ts";
import type { Agent } from "./port.ts";
import { openToolServer } from "./toolServer.ts";
import { openWorkflow } from "./workflow.ts";

const reading = startReadingServer(labelledClaims.map(({ facts }) => facts));
let decisionUrl = "";
const open = (label: string, url: string) =>
  openToolServer({ label, url, token: undefined, callLimitMs: 20_000 });

const stack = startScriptedStack();
stack.script = goodScript;
let isLlama = false;

/** The decision server needs the service's address and the service its agent, so agents are opened at their first run. */
function lateAgent(): Agent {
  const opened: Agent[] = [];
  const current = (): Agent => {
    const ocr = open("ocr-server", reading.url);
    const rag = open("rag-server", reading.url);
    const decision = open("decision-server", `${decisionUrl}/mcp`);
    const common = { tools: { ocr, rag, decision }, ocrLanguage: "auto" };
    const agent = isLlama
      ? openLlamaStack({ ...llamaOptions, ...common, llamaStackUrl: stack.url })
      : openWorkflow(common);
    opened.push(agent);
    return agent;
  };
  return {
    name: "workflow",
    run: (task, context) => current().run(task, context),
    read: (path, context) => current().read(path, context),
    answer: (question, context) => current().answer(question, context),
    close: async () => {
      for (const agent of opened) await agent.close();
    },
  };
}

const agent = lateAgent();
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
  await stack[Symbol.asyncDispose]();
  await reading[Symbol.asyncDispose]();
  await service.close();
});

/** The last first, with nothing read before: what a claim repeats is found even so. */
const inOrder = labelledClaims.map((claim) => [claim.number, claim] as const);
const orders = { workflow: inOrder.toReversed(), "llama-stack": inOrder };

describe.each(["workflow", "llama-stack"] as const)(
  "the claims service and the decision server with %s",
  (name) => {
    beforeAll(() => {
      isLlama = name === "llama-stack";
    });

    test.each(orders[name])(
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
  },
);
