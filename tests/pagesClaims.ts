import { afterAll } from "bun:test";
import type { Browser } from "playwright-core";
import type { Agent, AgentEvent } from "../src/agent/port.ts";
import type { ToolServer } from "../src/agent/toolServer.ts";
import { openTestClaims, type TestClaims } from "./claims.ts";
import { openBrowser } from "./pagesBrowser.ts";
import { scriptedAgent } from "./scripted-agent.ts";

/** What tools have answered instead of the scripted agent's own answers, by step. */
const answers: Readonly<Record<string, Record<string, unknown>>> = {
  ocr_document: {
    success: true,
    raw_text: "[Page 1]\nPolicy number CNT-2025-0001\nAmount 1,980.00 USD",
    confidence: 0.97,
    page_count: 1,
    pages: [{ page: 1, source: "ocr", confidence: 0.97, rotation: 0 }],
    language: "eng",
    fields: {
      amount: { value: "1,980.00 USD", confidence: 0.9, page: 1, box: [200, 300, 280, 312] },
      policy_number: { value: "CNT-2025-0001", confidence: 1, page: 1, box: [200, 100, 300, 112] },
    },
    warnings: [],
  },
  retrieve_similar_claims: {
    success: true,
    similar_claims: [
      {
        claim_id: "00000000-0000-4000-8000-000000000001",
        claim_number: "CLM-2024-0001",
        outcome: "deny",
        similarity_score: 0.8,
        reasoning: "Filed too late.",
      },
    ],
  },
};

/** Looks for articles, which the scripted agent does not. */
function* findArticles(): Generator<AgentEvent> {
  const name = "search_knowledge_base";
  const step = { stepId: name, stepName: name, agentName: "rag-agent" } as const;
  const article = { id: "1", title: "Auto filing", content: "Within 30 days." };
  const output = { success: true, articles: [{ ...article, similarity_score: 0.7 }] };
  const now = new Date().toISOString();
  yield { type: "step.started", ...step, arguments: {}, startedAt: now };
  yield { type: "step.completed", ...step, output, durationMs: 1, completedAt: now };
}

function readingAgent(url: () => string): Agent {
  const agent = scriptedAgent(url);
  return {
    ...agent,
    async *run(task, context) {
      for await (const event of agent.run(task, context)) {
        if (event.type !== "step.completed") {
          yield event;
          continue;
        }
        yield { ...event, output: answers[event.stepName] ?? event.output };
        if (event.stepName === "retrieve_similar_claims") yield* findArticles();
      }
    },
  };
}

/** Reads two words in every document. */
const reader: ToolServer = {
  label: "ocr-server",
  url: "http://ocr.example/mcp",
  async call() {
    const words = [
      { text: "Policy", box: [100, 100, 140, 112], confidence: 1 },
      { text: "Amount", box: [100, 300, 140, 312], confidence: 1 },
    ];
    const pages = [{ page: 1, width: 595, height: 842, words, source: "ocr" }];
    return { isError: false, output: { success: true, pages }, error: "" };
  },
  listTools: async () => [],
  close: async () => undefined,
};

/** The claims service with an agent whose tools find something to show, and a reader of words. */
export function openReadingClaims(env: Record<string, string> = {}): Promise<TestClaims> {
  return openTestClaims(env, readingAgent, reader);
}

/** Files a claim whose number's end says what the agent decides; returns its id. */
export async function fileClaim(
  claims: TestClaims,
  number: string,
  { isProcessed = true, token }: { isProcessed?: boolean; token?: string } = {},
): Promise<string> {
  const document_path = "/claim_documents/CLM-2025-0001.pdf";
  const body = { user_id: "USR001", claim_number: number, claim_type: "Auto", document_path };
  const auth = token === undefined ? {} : { token };
  const { json } = await claims.send("POST", "/api/v1/claims", { body, ...auth });
  const path = `/api/v1/claims/${json.id}/process?wait=true`;
  if (isProcessed) await claims.send("POST", path, { body: {}, ...auth });
  return json.id;
}

/** A claims service and a browser for the tests of a file, closed when they have ended. */
export async function openStage(
  open: () => Promise<TestClaims>,
): Promise<{ claims: TestClaims; browser: Browser }> {
  const [claims, browser] = await Promise.all([open(), openBrowser()]);
  afterAll(async () => {
    await browser.close();
    await claims.close();
  });
  return { claims, browser };
}
