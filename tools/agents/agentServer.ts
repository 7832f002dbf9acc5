import * as z from "zod";
import { defineServer, type ServerDefinition } from "../../src/kit/server.ts";
import { defineTool, type Tool, type ToolCall } from "../../src/kit/tool.ts";
import type { AgentDefinition } from "./agents.ts";
import { type Answer, openSession } from "./session.ts";
import { type AgentValues, agentSettings } from "./settings.ts";

/** The longest question, in UTF-16 units. */
const promptLimit = 20_000;

const input = z.strictObject({
  prompt: z.string().min(1).max(promptLimit).describe("The question, in whole sentences."),
});

/** An agent as an MCP server: other agents ask it in words, and it uses its own tools. */
export function defineAgentServer(options: {
  domain: "customer" | "finance";
  /** What it can be asked about. */
  subject: string;
  port: number;
  agentOf(values: AgentValues): AgentDefinition;
}): ServerDefinition<typeof agentSettings, AgentValues> {
  const { domain, subject, port, agentOf } = options;
  const shout = domain.toUpperCase();
  const command = `bun tools/agents/${domain}-agent-server.ts`;
  return defineServer({
    binary: `${domain}-agent-server`,
    name: `${domain}-agent`,
    title: `${shout.charAt(0)}${domain.slice(1)} agent`,
    about: `MCP server whose tools are an agent that answers questions about ${subject}.`,
    instructions: `Ask ${domain}_agent about ${subject}; every question stands for itself.`,
    http: { port, portEnv: [`${shout}_AGENT_PORT`], hostEnv: [`${shout}_AGENT_HOST`] },
    settings: agentSettings,
    examples: [`${command} --transport http`, `${command} --model vllm/my-model`],
    tools: agentTools(domain, subject, agentOf),
    open: (values) => values,
  });
}

function agentTools(
  domain: string,
  subject: string,
  agentOf: (values: AgentValues) => AgentDefinition,
): Tool<AgentValues>[] {
  const ask = (prompt: string, values: AgentValues, { signal }: ToolCall): Promise<Answer> =>
    openSession(agentOf(values), values).ask(prompt, { signal });
  const plain = defineTool({
    name: `${domain}_agent`,
    title: `Ask the ${domain} agent`,
    description: `Answers one question about ${subject} in words, under \`answer\`. It reads and never writes. For the tool calls behind the answer call ${domain}_agent_detailed.`,
    effect: "read",
    input,
    output: z.looseObject({ answer: z.string().optional().describe("The answer in words.") }),
    run: async ({ prompt }, values: AgentValues, call) => ({
      answer: (await ask(prompt, values, call)).text,
    }),
  });
  const detailed = defineTool({
    name: `${domain}_agent_detailed`,
    title: `Ask the ${domain} agent, with its steps`,
    description: `Answers one question about ${subject} like ${domain}_agent, and returns every step under \`trace\` (tool calls with their arguments and results) and the answer under \`final_response\`.`,
    effect: "read",
    input,
    output: z.looseObject({
      trace: z.array(z.looseObject({ step: z.number(), type: z.string() })).optional(),
      final_response: z.string().optional(),
    }),
    run: async ({ prompt }, values: AgentValues, call) => {
      const { text, trace } = await ask(prompt, values, call);
      return { trace, final_response: text };
    },
  });
  return [plain, detailed];
}
