import type { Facts } from "../mcp/decision/facts.ts";
import { type LlamaStackOptions, openLlamaStack } from "../src/agent/llama/agent.ts";
import type { Agent } from "../src/agent/port.ts";
import { openToolServer } from "../src/agent/toolServer.ts";
import { Secret } from "../src/core/secret.ts";
import { type Script, type ScriptedStack, startScriptedStack } from "./agentStack.ts";
import { type ReadingServer, startReadingServer } from "./agentTools.ts";
import { type ClaimsStub, internalToken, startClaimsStub } from "./decisionClaimsStub.ts";
import { runListening, type TestProgram } from "./program.ts";

/** Everything that a run of the Llama Stack adapter needs: a scripted model, real MCP servers, the facts of claims. */
export interface LlamaBench extends AsyncDisposable {
  stack: ScriptedStack;
  service: ClaimsStub;
  reading: ReadingServer;
  /** An agent with these options beside the usual ones. */
  open(change?: Partial<LlamaStackOptions>): Agent;
  /** Forgets every call so far, and has the model do what it should again. */
  reset(): void;
}

/** The adapter's options but for where things are. */
export const llamaOptions: Omit<LlamaStackOptions, "llamaStackUrl" | "tools"> = {
  model: "scripted",
  maxTokens: undefined,
  apiKey: new Secret("key"),
  modelTimeoutSeconds: 20,
  toolToken: undefined,
  ocrLanguage: "auto",
  isWriteApproved: false,
  isShielded: false,
  shieldId: "",
  isShieldFailClosed: false,
  promptsDir: "",
};

export async function startLlamaBench(all: readonly Facts[]): Promise<LlamaBench> {
  const service = startClaimsStub(all);
  const decision: TestProgram = await runListening(
    [
      ...[process.execPath, "mcp/decision/server.ts", "--claims-api-base-url", service.url],
      ...["--transport", "http", "--port", "0", "--require-run-id"],
    ],
    { CLAIMS_API_TOKEN: internalToken },
  );
  const reading = startReadingServer(all);
  const stack = startScriptedStack();
  const tool = (label: string, url: string) =>
    openToolServer({ label, url, token: undefined, callLimitMs: 10_000 });
  const tools = {
    ocr: tool("ocr-server", reading.url),
    rag: tool("rag-server", reading.url),
    decision: tool("decision-server", `${decision.url}/mcp`),
  };
  const usual: LlamaStackOptions = { ...llamaOptions, llamaStackUrl: stack.url, tools };
  return {
    stack,
    service,
    reading,
    open: (change = {}) => openLlamaStack({ ...usual, ...change }),
    reset() {
      service.rows.clear();
      stack.requests.length = 0;
      stack.shielded.length = 0;
      Object.assign(stack, { version: "0.7.1", shield: "clean", script: goodScript });
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([tools.ocr.close(), tools.rag.close(), tools.decision.close()]);
      for (const part of [stack, decision, reading, service]) await part[Symbol.asyncDispose]();
    },
  };
}

/** A model that does what it should: looks everything up and proposes an approval at 0.9. */
export const goodScript: Script = ({ claim_id, user_id, run_id }) => [
  { call: "retrieve_user_info", args: { user_id } },
  { call: "retrieve_similar_claims", args: { claim_text: "the claim" } },
  { call: "search_knowledge_base", args: { query: "cover" } },
  {
    call: "make_final_decision",
    args: {
      ...{ claim_id, user_id, run_id },
      ...{ decision: "approve", confidence: 0.9, reasoning: "All in order." },
    },
  },
  { say: "The claim has been decided." },
];
