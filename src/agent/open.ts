import { openLlamaStack } from "./llama/agent.ts";
import type { Agent } from "./port.ts";
import type { AgentValues } from "./settings.ts";
import type { ToolServers } from "./steps.ts";
import { openToolServer, type ToolServer } from "./toolServer.ts";
import { openWorkflow } from "./workflow.ts";

/** How long one tool call of the agent itself may take, in milliseconds: a scan of fifty pages stays below. */
const callLimitMs = 300_000;

/** Opens the agent that the settings ask for: Llama Stack where its address is set, else the built-in workflow. */
export function openAgent(values: AgentValues): Agent {
  const tools = openToolServers(values);
  const { llamaStackUrl, ocrLanguage } = values;
  if (llamaStackUrl === undefined) return openWorkflow({ tools, ocrLanguage });
  return openLlamaStack({ ...values, llamaStackUrl, tools });
}

/** Opens the document server alone, for whoever wants to see what it reads. */
export function openReader({ ocrUrl: url, toolToken: token }: AgentValues): ToolServer {
  return openToolServer({ label: "ocr-server", url, token, callLimitMs });
}

function openToolServers(values: AgentValues): ToolServers {
  const open = (label: string, url: string) =>
    openToolServer({ label, url, token: values.toolToken, callLimitMs });
  return {
    ocr: openReader(values),
    rag: open("rag-server", values.ragUrl),
    decision: open("decision-server", values.decisionUrl),
  };
}
