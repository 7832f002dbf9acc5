import type { ClaimTask, StepName } from "../port.ts";
import type { ListedTool, ToolServer } from "../toolServer.ts";
import type { LlamaStack } from "./agent.ts";
import { mcpTool } from "./forms.ts";
import { fillInstructions, loadInstructions } from "./prompt.ts";
import type { ResponseRequest } from "./stack.ts";

/** The most inferences of one response. */
const inferenceLimitCount = 10;

/** The tools that only read. */
export const readingSteps: readonly StepName[] = [
  "retrieve_user_info",
  "retrieve_similar_claims",
  "search_knowledge_base",
];

/** The request that lets the model work on a claim. */
export async function agentRequest(
  llama: LlamaStack,
  task: ClaimTask,
  { input, signal }: { input: string; signal: AbortSignal },
): Promise<ResponseRequest> {
  const wanted = readingSteps.filter((step) => isWanted(step, task));
  const instructions = await loadInstructions("agent", llama.promptsDir);
  return buildRequest(llama, { instructions, input, wanted, hasDecision: true, signal });
}

/** A request with the tools that are wanted, described from the schemas that their servers list. */
export async function buildRequest(
  llama: LlamaStack,
  parts: {
    instructions: string;
    input: string;
    wanted: readonly StepName[];
    hasDecision: boolean;
    signal: AbortSignal;
  },
): Promise<ResponseRequest> {
  const { rag, decision } = llama.tools;
  const forms = await llama.stack.forms(parts.signal);
  const options = { forms, token: llama.toolToken, isApproved: llama.isWriteApproved };
  const { label, url } = decision;
  const writes = ["make_final_decision"];
  const tools = [
    mcpTool({ label: rag.label, url: rag.url, tools: parts.wanted, writes: [] }, options),
    ...(parts.hasDecision ? [mcpTool({ label, url, tools: writes, writes }, options)] : []),
  ];
  const described = [
    ...(await listWanted(rag, parts.wanted, parts.signal)),
    ...(parts.hasDecision ? await listWanted(decision, writes, parts.signal) : []),
  ];
  return {
    model: llama.model,
    input: [{ role: "user", content: parts.input }],
    instructions: fillInstructions(parts.instructions, described),
    tools,
    max_infer_iters: inferenceLimitCount,
    ...(llama.maxTokens === undefined ? {} : { max_output_tokens: llama.maxTokens }),
  };
}

/** In the order of `wanted`, which is the order in which the model is to call them. */
async function listWanted(
  server: ToolServer,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<ListedTool[]> {
  const listed = await server.listTools(signal);
  return wanted.flatMap((name) => listed.find((tool) => tool.name === name) ?? []);
}

function isWanted(step: StepName, { options }: ClaimTask): boolean {
  if (step === "retrieve_similar_claims") {
    return options.enableRag && options.workflowType === "standard";
  }
  return step === "search_knowledge_base" ? options.enableRag : true;
}
