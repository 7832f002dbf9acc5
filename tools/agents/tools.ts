import { mcpTool, type StackForms } from "../../src/agent/llama/forms.ts";
import type { AgentDefinition, ToolBox } from "./agents.ts";
import type { AgentValues } from "./settings.ts";

/** An agent's servers as tools of the Responses API, in the form that the server's version takes. */
export function toolsOf(
  { toolBoxes }: AgentDefinition,
  { toolToken: token }: AgentValues,
  forms: StackForms,
): object[] {
  return toolBoxes.map(({ label, url, reads, writes }: ToolBox) =>
    mcpTool(
      { label, url, tools: [...reads, ...writes], writes },
      { forms, token, isApproved: true },
    ),
  );
}
