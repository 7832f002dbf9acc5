/** The same question through the OpenAI Agents SDK: it calls the MCP servers itself and asks the model by chat completions. */
import {
  Agent,
  MCPServerStreamableHttp,
  OpenAIProvider,
  Runner,
  setTracingDisabled,
} from "@openai/agents";
import { supportAgent, type ToolBox } from "./agents.ts";
import { checkReady } from "./frameworks.ts";
import { runAgent } from "./program.ts";
import { agentSettings, questionSetting } from "./settings.ts";

await runAgent({
  name: "openai-agents-agent",
  about: "Puts a question to an agent of the OpenAI Agents SDK that has both servers' tools.",
  settings: {
    ...agentSettings,
    ...questionSetting(
      "Find the customer with email thomashardy@example.com and show their order history",
    ),
  },
  examples: [
    "bun tools/agents/openai-agents-agent.ts",
    'bun tools/agents/openai-agents-agent.ts --question "Which orders does customer LONEP have?"',
  ],
  async run(values, signal) {
    // Traces would go to OpenAI.
    setTracingDisabled(true);
    const { toolBoxes, instructions, name } = supportAgent(values);
    await checkReady(values, signal);
    const mcpServers = toolBoxes.map((box) => openServer(box, values.toolToken?.reveal()));
    try {
      for (const server of mcpServers) await server.connect();
      const modelProvider = new OpenAIProvider({
        apiKey: values.apiKey?.reveal() ?? "none",
        baseURL: `${values.llamaStackUrl}/v1`,
        useResponses: false,
      });
      const agent = new Agent({ name, instructions, mcpServers, model: values.model });
      console.log(values.question);
      const result = await new Runner({ modelProvider }).run(agent, values.question, { signal });
      for (const { rawItem } of result.newItems) {
        const { type, name: tool, arguments: args } = Object(rawItem);
        if (type === "function_call") console.log(`  → ${tool}(${args})`);
      }
      console.log(result.finalOutput || "(The model gave no answer.)");
    } finally {
      await Promise.all(mcpServers.map((server) => server.close()));
    }
  },
});

function openServer({ label, url, reads }: ToolBox, token: string | undefined) {
  return new MCPServerStreamableHttp({
    name: label,
    url,
    cacheToolsList: true,
    toolFilter: { allowedToolNames: [...reads] },
    ...(token !== undefined && {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }),
  });
}
